"""Kubernetes quantities, as far as a volume's size needs them."""

import re
from decimal import Decimal

_PATTERN = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([EPTGM]i?|Ki|[kmnu])?)")

_FACTORS = {"": Decimal(1), "k": Decimal(1000), "Ki": Decimal(1024)}
for _power, _letter in enumerate("MGTPE", start=2):
    _FACTORS[_letter] = Decimal(1000) ** _power
    _FACTORS[f"{_letter}i"] = Decimal(1024) ** _power
for _power, _letter in enumerate("mun", start=1):
    _FACTORS[_letter] = Decimal(1000) ** -_power


def quantity(value: str | float | None) -> Decimal | None:
    """The number a quantity such as 100Gi, 1e11 or 0.5Ti stands for; None if it is not one."""
    match = _PATTERN.fullmatch(str(value))
    if not match:
        return None
    number, exponent, suffix = match.groups()
    return Decimal(number + (exponent or "")) * _FACTORS[suffix or ""]
