"""Go's durations, the form in which the API takes a time: 60m, 1h30m, 1.5h."""

import re
from typing import Any

SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
_PART = r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)"


def seconds(value: Any) -> float | None:
    """The length in seconds, None for what is no duration."""
    if value == "0":
        return 0
    if not isinstance(value, str) or not re.fullmatch(f"(?:{_PART})+", value):
        return None
    return sum(float(number) * SECONDS[unit] for number, unit in re.findall(_PART, value))
