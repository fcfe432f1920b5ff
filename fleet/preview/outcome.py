"""What a preview has come to, in a word and in numbers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from fleet.preview.events import NOTHING, Told, Violation, read
from fleet.preview.job import Job, Ran
from fleet.preview.pool import GONE, LATE

FIX = ("no stack named", "make it: pulumi stack init NAME; a preview makes none")


class Result(StrEnum):
    SAME = "same"
    CHANGES = "changes"
    VIOLATIONS = "violations"
    """A mandatory policy is violated, and nothing else is wrong."""
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """One stack's."""

    stack: str
    file: str
    environment: str
    result: Result
    seconds: float
    changes: dict[str, int]
    """How many resources by what is done to them."""
    violations: tuple[Violation, ...]
    errors: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """As in JSON."""
        return {**asdict(self), "violations": [_plain(each) for each in self.violations]}

    @property
    def counts(self) -> str:
        signs = {"create": "+{} to create", "update": "~{} to update", "replace": "+-{} to replace"}
        signs["delete"] = "-{} to delete"
        named = [text.format(self.changes[op]) for op, text in signs.items() if op in self.changes]
        others = {op: n for op, n in self.changes.items() if op not in signs and op not in NOTHING}
        return ", ".join([*named, *(f"{n} to {op}" for op, n in sorted(others.items()))])


def _plain(violation: Violation) -> dict[str, Any]:
    return {
        **asdict(violation),
        "exceptions": [{"id": id, "reason": reason} for id, reason in violation.exceptions],
    }


def outcome(job: Job, ran: Ran, timeout: float) -> Outcome:
    told = read(ran.events)
    errors = _errors(ran, told, timeout)
    return Outcome(
        stack=job.stack,
        file=str(job.file),
        environment=job.environment,
        result=_result(ran, told, errors),
        seconds=ran.seconds,
        changes=told.changes,
        violations=tuple(told.violations),
        errors=tuple(errors),
    )


def _result(ran: Ran, told: Told, errors: list[str]) -> Result:
    if ran.code != 0 or not told.whole:
        stopped = not errors and any(each.stops for each in told.violations)
        return Result.VIOLATIONS if stopped else Result.FAILED
    return Result.CHANGES if told.changes.keys() - NOTHING else Result.SAME


def _errors(ran: Ran, told: Told, timeout: float) -> list[str]:
    if ran.code == LATE:
        return [*told.errors, f"the preview took more than {timeout:g} s and was ended"]
    if ran.code == GONE:
        return [f"the preview's process has ended by itself: {ran.errors}"]
    if ran.code == 0 or told.errors or any(each.stops for each in told.violations):
        return told.errors
    said = [line for line in ran.errors.splitlines() if not line.startswith("warning: ")]
    text = "\n".join(said).removeprefix("error: ").strip() or f"exit code {ran.code}"
    return [f"{text}\n    fix: {FIX[1]}" if FIX[0] in text else text]


def counted(outcomes: Iterable[Outcome]) -> dict[Result, int]:
    """How many came to which result, of all that there are."""
    found = Counter(each.result for each in outcomes)
    return {result: found[result] for result in Result}


def worst(outcomes: Iterable[Outcome]) -> Result:
    order = [*Result]
    return max((each.result for each in outcomes), key=order.index, default=Result.SAME)
