"""What a cloud has already of what a stack makes.

A run that died between the cloud's answer and the state's record leaves a thing that the state does
not know. What has a name and bears the stack's mark is taken up by its name.
"""

import asyncio
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from typing import Any

import pulumi
from pulumi import ResourceOptions, RunError


class Questions:
    """A subclass has a method for each question. Each is asked once; None is for what isn't
    there."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, Any] = {}
        self._asking: list[asyncio.Future[None]] = []

    def ask_ahead(self, questions: Iterable[Callable[[], Any]]) -> None:
        """Have these asked while the next one waits for its answer: all of them take the time of
        one. Why one can't be answered is told to whoever asks again, for he needs it."""

        async def soon(question: Callable[[], Any]) -> None:
            with suppress(RunError):
                question()

        self._asking += [asyncio.ensure_future(soon(each)) for each in questions]

    def _ask(self, what: Hashable, call: Callable[[], Any]) -> Any:
        if what not in self._answers:
            self._answers[what] = self._answer(call)
        return self._answers[what]

    def _answer(self, call: Callable[[], Any]) -> Any:
        """What the call answers. Raises RunError, in words, unless there is none."""
        raise NotImplementedError


def taken_up(identifier: str, there: bool) -> ResourceOptions:
    """Import it if it is there. No import takes place of what the state knows."""
    return ResourceOptions(import_=identifier) if there else ResourceOptions()


def left_over(
    what: str, present: Iterable[str], current: str | None, used: pulumi.Output[str], command: str
) -> None:
    """Say which of `present` the stack does not use: neither `used` nor what the cluster has
    now. `command` removes one, {} being its place."""

    def tell(mine: object) -> None:
        for each in sorted(set(present) - {mine, current}):
            pulumi.log.warn(
                f"{what} {each} is not the one that this stack uses: an interrupted run may have "
                f"left it. If nothing else uses it: {command.format(each)}"
            )

    # Also while the stack's own is not made yet: a cloud may refuse to make another beside these.
    used.apply(tell, run_with_unknowns=True)
