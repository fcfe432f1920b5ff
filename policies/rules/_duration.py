"""Go's durations, the form in which the API takes a time: 60m, 1h30m, +1.5h."""

import re
from typing import Any

# Go takes both signs that look like a micro: U+00B5 and the Greek letter, U+03BC.
MICROS = ("us", "\u00b5s", "\u03bcs")
SECONDS = {"ns": 1e-9, **dict.fromkeys(MICROS, 1e-6), "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
_PART = rf"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)({'|'.join(SECONDS)})"


def seconds(value: Any) -> float | None:
    """The length in seconds, None for what is no duration."""
    if not isinstance(value, str) or not re.fullmatch(f"[+-]?(?:0|(?:{_PART})+)", value):
        return None
    length = sum(float(number) * SECONDS[unit] for number, unit in re.findall(_PART, value))
    return -length if value.startswith("-") else length
