"""What a preview can't know must not hide what it can."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any


def attempt(read: Callable[[], Any]) -> tuple[Any, Exception | None]:
    """What it gives, or the error that it is not known yet."""
    # Only a run of the pack gets here: whatever reads the rules alone never loads Pulumi.
    from pulumi_policy.proxy import UnknownValueError

    try:
        return read(), None
    except UnknownValueError as error:
        return None, error


def judge_known_first(items: Iterable[Any], check: Callable[[Any], Iterable[Any]]) -> Iterator[Any]:
    """The findings about all items, and then the advisory about the first unknown value."""
    unknown: Exception | None = None
    for each in items:
        findings, error = attempt(lambda each=each: list(check(each)))
        yield from findings or ()
        unknown = unknown or error
    if unknown:
        raise unknown
