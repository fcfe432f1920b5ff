"""Kubernetes' quantities and Go's durations, read as the operator reads them.

The CRD's patterns are wider than what the operator can decode (`1e1.5`, `1 day`): what
would pass the API server and stop the operator is refused here.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any

from pydantic_core import core_schema

from settings.refusal import refusal
from settings.types import INT64, Checked

QUANTITY = re.compile(
    r"([+-]?)([0-9]+\.?[0-9]*|\.[0-9]+)(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?[0-9]{1,3}))?"
)
SUFFIXES = {
    **{suffix: Fraction(1, 1000**power) for power, suffix in enumerate("mun", 1)},
    **{suffix: Fraction(1000**power) for power, suffix in enumerate("kMGTPE", 1)},
    **{f"{suffix}i": Fraction(1024**power) for power, suffix in enumerate("KMGTPE", 1)},
}
SMALLEST = 1024**2
"""Bytes. No registry fits into less, and whoever writes 100 means 100Gi."""
QUANTITY_FIX = "write a number and a unit, e.g. 100Gi, 256Mi, 500m or 2"

DURATION = re.compile(r"[+]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)")
DURATION_PART = re.compile(r"([0-9.]+)(ns|us|µs|μs|ms|s|m|h)")
NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}


@lru_cache(maxsize=4096)
def quantity(value: str | int) -> Fraction | None:
    """Its value, or None if `value` is not a quantity that Kubernetes keeps as written: larger
    than 2^63-1 is capped there, finer than a billionth is rounded up."""
    match = QUANTITY.fullmatch(str(value))
    if match is None:
        return None
    sign, number, suffix, exponent = match.groups()
    scale = SUFFIXES[suffix] if suffix else Fraction(10) ** int(exponent or 0)
    amount = Fraction(number.rstrip(".")) * scale * (-1 if sign == "-" else 1)
    kept = abs(amount) <= INT64 and (amount * 10**9).denominator == 1
    return amount if kept else None


class _Quantity:
    """Text or a whole number, as the API takes it."""

    def check(self, value: Any) -> str | int:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise refusal("type", "is not a quantity", QUANTITY_FIX + ", in quotes")
        if value == "":
            raise refusal("empty", "is empty", "leave the key out")
        if quantity(value) is None:
            raise refusal("quantity", "is not a Kubernetes quantity", QUANTITY_FIX)
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": ["string", "integer"]}


class _Size(Checked):
    def check(self, value: str) -> str:
        if not value:
            raise refusal("empty", "is empty", "write a size, e.g. 100Gi")
        amount = quantity(value)
        if amount is None:
            raise refusal("quantity", "is not a Kubernetes quantity", QUANTITY_FIX)
        if amount <= 0 or amount.denominator != 1:
            raise refusal(
                "size", "is not a positive whole number of bytes", "write a size, e.g. 100Gi"
            )
        if amount < SMALLEST:
            raise refusal("size", f"is {amount} bytes", f"write a unit, e.g. {value.strip()}Gi")
        return value


class _Duration(Checked):
    def check(self, value: str) -> str:
        if not value:
            raise refusal("empty", "is empty", "leave the key out")
        if not DURATION.fullmatch(value) or not _in_range(value):
            raise refusal(
                "duration",
                "is not a duration that the operator can read",
                "write a number and ns, us, ms, s, m or h, not below zero, e.g. 30s or 1h30m",
            )
        return value


def _in_range(duration: str) -> bool:
    parts = DURATION_PART.findall(duration)
    return sum(Fraction(number.rstrip(".")) * NANOSECONDS[unit] for number, unit in parts) <= INT64


Quantity = Annotated[str | int, _Quantity()]
Size = Annotated[str, _Size()]
Duration = Annotated[str, _Duration()]
