"""Durations as Go reads and writes them: the API takes `90m`, the pruner's job gets `1h30m0s`."""

import re
from decimal import Decimal

NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)([a-zµ]+)")


def parse(text: str) -> int:
    """Nanoseconds (time.ParseDuration). Raises ValueError in Go's words."""
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    parts = _PART.findall(rest)
    if not parts or "".join(map("".join, parts)) != rest:
        raise ValueError(f'time: invalid duration "{text}"')
    for _, unit in parts:
        if unit not in NANOSECONDS:
            raise ValueError(f'time: unknown unit "{unit}" in duration "{text}"')
    return sign * int(sum(Decimal(number) * NANOSECONDS[unit] for number, unit in parts))


def write(nanoseconds: int) -> str:
    """As time.Duration's String does: hours to seconds, below one second in the unit that fits."""
    sign, rest = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    if rest == 0:
        return "0s"
    if rest < NANOSECONDS["s"]:
        unit = next(unit for unit in ("ms", "µs", "ns") if rest >= NANOSECONDS[unit])
        return f"{sign}{_plain(rest, NANOSECONDS[unit])}{unit}"
    minutes, rest = divmod(rest, NANOSECONDS["m"])
    hours, minutes = divmod(minutes, 60)
    seconds = f"{_plain(rest, NANOSECONDS['s'])}s"
    if hours:
        return f"{sign}{hours}h{minutes}m{seconds}"
    return f"{sign}{minutes}m{seconds}" if minutes else sign + seconds


def _plain(value: int, unit: int) -> str:
    text = f"{Decimal(value) / unit:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
