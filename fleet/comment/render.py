"""The comment as a whole."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from fleet.comment import sections
from fleet.comment.budget import Budget, length
from fleet.comment.load import CHANGES, FAILED, SAME, VIOLATIONS, Cluster, Kept
from fleet.comment.markdown import code, details, row, text

LIMIT = 65_536
"""Of a comment on GitHub, in characters."""
IDENTITY = re.compile(r"[A-Za-z0-9._-]{1,60}")
FOLDED = 12
"""So many clusters without changes have rows; more have one line together."""


@dataclass(frozen=True)
class About:
    """What the comment is of: all that is not in the kept folder. Without a value nothing is
    said of it, and the clock is not asked: the same input gives the same bytes."""

    identity: str = "default"
    """Tells the comment from others of the same pull request."""
    commit: str = ""
    time: str = ""
    url: str = ""
    """Of the run, with its artifact."""

    @property
    def marker(self) -> str:
        """By which a comment is known; nobody sees it."""
        return f"<!-- ocpreg:preview:{self.identity} -->"


def render(kept: Kept, about: About, limit: int, scrub: Callable[[str], str]) -> str:
    """Markdown of at most `limit` characters. Danger is first and always open."""
    # A mask may be longer than what it hides.
    tries = (scrub(_render(kept, about, int(limit * share))) for share in (0.99, 0.9, 0.7, 0.4))
    return next(each for each in tries if length(each) <= limit)


def _render(kept: Kept, about: About, limit: int) -> str:
    budget = Budget(limit)
    clusters = sections.ordered(kept.clusters)
    foot = budget.take(_foot(about))
    title = [budget.take(f"{about.marker}\n{_title(kept)}")]
    title += [budget.take(f"> ❌ {text(kept.trouble)}")] if kept.trouble else []
    # What is asked for first has the most room, wherever it stands.
    table = _table(clusters, budget)
    danger = _part(budget, "Danger", sections.danger(clusters), 0.5, "dangers", "\n", "- {}")
    failed = _part(budget, "Failed", sections.failures(clusters), 0.5, "failures", "\n\n", "{}")
    policies = _part(budget, "Policies", sections.policies(clusters), 0.5, "policies", "\n", "- {}")
    waiting = _waiting(clusters, budget)
    changes = _part(
        budget, "Changes", sections.diffs(clusters), 1, "clusters' changes", "\n\n", "{}"
    )
    parts = (*title, *danger, *table, *failed, *policies, *waiting, *changes, foot)
    return "\n\n".join(parts) + "\n"


def _part(
    budget: Budget,
    head: str,
    blocks: Iterable[str],
    share: float,
    what: str,
    between: str,
    row: str,
) -> list[str]:
    listed = [*blocks]
    if not listed:
        return []
    return [budget.take(f"### {head}"), budget.fill(listed, share, what, between, row)]


def _title(kept: Kept) -> str:
    counts = Counter(each.result for each in kept.clusters)
    words = {
        FAILED: "{} failed",
        VIOLATIONS: "{} stopped by policy",
        CHANGES: "{} with changes",
        SAME: "{} without",
    }
    said = ", ".join(form.format(counts[each]) for each, form in words.items() if counts[each])
    number = len(kept.clusters)
    if not number and not kept.trouble:
        return "## Image registries: no cluster is touched"
    of = f"{number} cluster{'' if number == 1 else 's'}"
    return f"## Image registries: {of}{': ' if said else ''}{said}"


def _table(clusters: Sequence[Cluster], budget: Budget) -> list[str]:
    same = [each for each in clusters if each.result == SAME and not each.told.violations]
    folded = same if len(same) > FOLDED else []
    rows = [sections.verdict(each) for each in clusters if each not in folded]
    parts = []
    if rows:
        names = ("cluster", "environment", "verdict", "changes", "policies")
        head = budget.take(f"{row(names)}\n{row(['---'] * len(names))}\n")
        parts.append(head + budget.fill(rows, 0.3, "clusters", "\n", "| {} | | | | |"))
    if folded:
        names = budget.fill([code(each.stack) for each in folded], 0.1, "clusters", " ")
        parts.append(details(f"✅ {len(folded)} clusters without changes", names))
    return parts


def _waiting(clusters: Sequence[Cluster], budget: Budget) -> list[str]:
    waiting = sections.later(clusters)
    if not waiting:
        return []
    policies = "1 policy waits" if waiting == 1 else f"{waiting} verdicts of policies wait"
    return [budget.take(f"{policies} for a value that only `pulumi up` knows.")]


def _foot(about: About) -> str:
    said = [f"commit {code(about.commit)}"] if about.commit else []
    said += [text(about.time)] if about.time else []
    if about.url.startswith(("https://", "http://")) and not re.search(r"[\s<>()]", about.url):
        said.append(f"[run and artifact]({about.url})")
    return f"<sub>{' · '.join([*said, '`[secret]` and `[unknown]` stand for values'])}</sub>"
