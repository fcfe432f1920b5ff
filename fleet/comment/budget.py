"""How much fits: a comment has a longest length, and what is left out is counted."""

from collections.abc import Iterable

ELSEWHERE = "in the artifact"


def length(text: str) -> int:
    """As the services count, at the worst: UTF-16."""
    return len(text.encode("utf-16-le")) // 2


class Budget:
    """Of one comment. Sections are asked for in order of weight."""

    def __init__(self, limit: int) -> None:
        self.left = limit

    def take(self, text: str) -> str:
        """Something that has to be there."""
        self.left -= length(text)
        return text

    def fill(
        self, blocks: Iterable[str], share: float, what: str, between: str = "\n", row: str = "{}"
    ) -> str:
        """As many blocks as fit into a share of what is left; then how many `what` do not.

        `row`: how that sentence stands in a list or table.
        """
        listed = [*blocks]
        room = int(self.left * share) - 200
        taken: list[str] = []
        for block in listed:
            size = length(block) + len(between)
            if size > room:
                break
            room -= size
            taken.append(block)
        rest = len(listed) - len(taken)
        if rest:
            sentence = f"**{rest} more** {what if rest > 1 else what.removesuffix('s')} {ELSEWHERE}"
            taken.append(row.format(sentence))
        return self.take(between.join(taken))
