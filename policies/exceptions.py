"""exceptions.yaml: policies waived for exact resources, until a day, for a reason."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter
from reviewed import PolicyId, Strict, Unusable, read

NOTICE_DAYS = 14


def _urn(value: str) -> str:
    # The engine's own test (sdk/go/common/resource/urn); it compares exceptions by the exact URN.
    if not value.startswith("urn:pulumi:") or value.count("::") < 3 or "*" in value:
        raise ValueError(
            "is no URN; copy the whole of it, urn:pulumi:STACK::PROJECT::TYPE::NAME, no wildcard"
        )
    return value


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("is no day; write YYYY-MM-DD") from None


class PolicyException(Strict):
    """One entry; `until` is the last day on which it counts."""

    # The characters that the engine allows (sdk/go/common/tokens, IsName).
    id: str = Field(pattern=r"^[A-Za-z0-9_.-]+$", description="a name to refer to, as EX-1")
    policies: list[PolicyId] = Field(min_length=1, description="the policies that it waives")
    targets: list[Annotated[str, AfterValidator(_urn)]] = Field(
        min_length=1, description="the URNs of the resources that it is for"
    )
    reason: str = Field(min_length=1, description="why these resources may differ")
    until: Annotated[date, BeforeValidator(_day)] = Field(
        description="the last day on which it counts, YYYY-MM-DD"
    )
    approvedBy: str = Field(
        default="who reviews this file", min_length=1, description="who decides on renewing it"
    )

    def counts(self, today: date) -> bool:
        return today <= self.until


def read_exceptions(path: Path) -> list[PolicyException]:
    found = read(path, TypeAdapter(list[PolicyException]), empty=[], model=PolicyException)
    twice = [id for id, times in Counter(each.id for each in found).items() if times > 1]
    if twice:
        raise Unusable([f"{path}: the id {id} is used more than once" for id in twice])
    return found


def ended(exceptions: Sequence[PolicyException], policy: str, today: date) -> list[dict[str, Any]]:
    """What has ended of the policy's exceptions, as far as no other waives the same: for its
    messages (pack.py)."""
    own = [each for each in exceptions if policy in each.policies]
    waived = {target for each in own if each.counts(today) for target in each.targets}
    return [
        {
            "id": each.id,
            "until": str(each.until),
            "approvedBy": each.approvedBy,
            "targets": targets,
        }
        for each in own
        if not each.counts(today)
        and (targets := [target for target in each.targets if target not in waived])
    ]


def reminders(exceptions: Sequence[PolicyException], today: date) -> list[str]:
    """One line per exception that has ended or soon will: what counts again, and who decides."""
    return [_reminder(each, today) for each in exceptions if _days_left(each, today) <= NOTICE_DAYS]


def _days_left(exception: PolicyException, today: date) -> int:
    return (exception.until - today).days


def _reminder(exception: PolicyException, today: date) -> str:
    if exception.counts(today):
        ends = f"ends in {_days_left(exception, today)} days, on {exception.until}"
    else:
        ends = f"ended on {exception.until} and waives nothing any more"
    names = ", ".join(target.split("::", 3)[-1] for target in exception.targets)
    return (
        f"exception {exception.id} {ends}: fix {', '.join(exception.policies)} on {names}, "
        f"or have it renewed by {exception.approvedBy}"
    )
