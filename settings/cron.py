"""The schedule of a CronJob, read as Kubernetes reads it.

That is robfig/cron v3, `ParseStandard` (kubernetes pkg/apis/batch/validation,
validateScheduleFormat): it has names, `?` and `@every`, but no weekday 7, no `L`, `W` or `#`.
The custom resource takes any text; a wrong one would stop the operator at its CronJob.
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated

from settings.quantities import DURATION, DURATION_PART, NANOSECONDS
from settings.refusal import refusal
from settings.types import INT64, Checked

RULE = "cronjob:schedule"
USELESS = "pruner:schedule"

FIELDS = {
    "minute": (0, 59, ()),
    "hour": (0, 23, ()),
    "day": (1, 31, ()),
    "month": (
        1,
        12,
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    ),
    "weekday": (0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
}
DESCRIPTORS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
EVERY = "@every "
SPACE = re.compile(r"[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
NUMBER = re.compile(r"[+]?[0-9]+")
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FIX = "write minute, hour, day, month and weekday, e.g. 0 2 * * sun, or @daily"


class _Wrong(Exception):
    """Why a schedule is none, as a clause."""


class _Schedule(Checked):
    def check(self, value: str) -> str:
        if not value:
            raise refusal("empty", "is empty", "leave the key out: the operator prunes at midnight")
        if "TZ" in value:
            raise refusal(RULE, "has a time zone", "leave it out; the hours are those of UTC")
        try:
            runs = _runs(value)
        except _Wrong as wrong:
            raise refusal(RULE, f"is not a schedule of a CronJob: it {wrong}", FIX) from None
        if not runs and value.startswith(EVERY):
            raise refusal(USELESS, "is less than a minute", "write @every 1h, or longer")
        if not runs:
            raise refusal(USELESS, "names no time that ever comes", FIX)
        return value


Schedule = Annotated[str, _Schedule()]


def _runs(schedule: str) -> bool:
    """Will it ever run, and not all the time? Raises `_Wrong`."""
    if schedule.startswith(EVERY):
        return _interval(schedule.removeprefix(EVERY)) >= NANOSECONDS["m"]
    if schedule.startswith("@"):
        if schedule not in DESCRIPTORS:
            raise _Wrong(f"is none of {', '.join(DESCRIPTORS)} and @every with a duration")
        return True
    parts = [part for part in SPACE.split(schedule) if part]
    if len(parts) != len(FIELDS):
        raise _Wrong(f"has {len(parts)} of the five fields")
    read = [_field(part, name) for part, name in zip(parts, FIELDS, strict=True)]
    (minutes, _), (hours, _), (days, any_day), (months, _), (weekdays, any_weekday) = read
    dated = any(day <= LONGEST_MONTHS[month - 1] for month in months for day in days)
    # Both are asked for if one of them is a star; else one of them is enough.
    both = any_day or any_weekday
    comes = (dated and weekdays) if both else (months and (dated or weekdays))
    return bool(minutes and hours and comes)


def _interval(duration: str) -> Fraction:
    sign, size = (-1, duration[1:]) if duration.startswith("-") else (1, duration)
    parts = DURATION_PART.findall(size) if DURATION.fullmatch(size) else None
    total = sum(Fraction(number.rstrip(".")) * NANOSECONDS[unit] for number, unit in parts or ())
    if parts is None or total > INT64 or (sign < 0 and size.startswith("+")):
        raise _Wrong("has no duration after @every, e.g. 1h30m")
    return Fraction(sign * total)


def _field(text: str, name: str) -> tuple[set[int], bool]:
    """The numbers it stands for, and whether it has a star."""
    numbers: set[int] = set()
    star = False
    for part in filter(None, text.split(",")):
        some, all_of_them = _range(part, name)
        numbers.update(some)
        star = star or all_of_them
    return numbers, star


def _range(part: str, name: str) -> tuple[Iterable[int], bool]:
    low, high, _ = FIELDS[name]
    ends, *steps = part.split("/")
    first, *rest = ends.split("-")
    star = first in ("*", "?")
    start, end = (low, high) if star else (_number(first, name), 0)
    if not star:
        end = _number(rest[0], name) if rest else start
    if len(steps) > 1 or (len(rest) > 1 and not star):
        raise _Wrong(f"has too many parts in the {name} {part}")
    step = _number(steps[0], "") if steps else 1
    if steps and not rest:
        end = high
    if not low <= start <= end <= high or not 0 < step <= INT64:
        raise _Wrong(f"has the {name} {part}, which is not within {low} to {high}")
    return range(start, end + 1, step), star and step == 1


def _number(text: str, name: str) -> int:
    names = FIELDS[name][2] if name else ()
    if text.lower() in names:
        return names.index(text.lower()) + FIELDS[name][0]
    if not NUMBER.fullmatch(text):
        raise _Wrong(f"has {text or 'nothing'} for a number")
    return int(text) if len(text) < 20 else INT64 + 1
