"""What a plain YAML scalar is for Pulumi: the rules of gopkg.in/yaml.v3, resolve.go."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import isfinite
from typing import Any

TAG = "tag:yaml.org,2002:"
STR, INT, FLOAT, BOOL, NULL = (f"{TAG}{each}" for each in ("str", "int", "float", "bool", "null"))
TIME, MAP, SEQ, MERGE = (f"{TAG}{each}" for each in ("timestamp", "map", "seq", "merge"))

WORDS: dict[str, tuple[str, Any]] = {
    **{word: (BOOL, True) for word in ("true", "True", "TRUE")},
    **{word: (BOOL, False) for word in ("false", "False", "FALSE")},
    **{word: (NULL, None) for word in ("", "~", "null", "Null", "NULL")},
    **{word: (FLOAT, float("nan")) for word in (".nan", ".NaN", ".NAN")},
    **{
        f"{sign}{word}": (FLOAT, float("inf"))
        for sign in ("", "+")
        for word in (".inf", ".Inf", ".INF")
    },
    **{word: (FLOAT, float("-inf")) for word in ("-.inf", "-.Inf", "-.INF")},
    "<<": (MERGE, "<<"),
}
MOST_DIGITS = 70
"""No 64-bit number takes more, in any base."""
FIRST = frozenset("+-.0123456789tTfFnN~<")
"""How a plain scalar that is not text can begin."""
INTEGER = re.compile(r"[+-]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[+-]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][+-]?[0-9]+)?")
DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}.*)?")


@dataclass(frozen=True)
class Date:
    """A plain scalar that Pulumi reads as a point in time, and hands on in another spelling."""

    text: str

    def __repr__(self) -> str:
        return self.text


@lru_cache(maxsize=4096)
def plain(text: str) -> tuple[str, Any]:
    """The tag and value of a plain scalar."""
    if text in WORDS:
        return WORDS[text]
    if DATE.fullmatch(text) and _exists(text):
        return TIME, Date(text)
    digits = text.replace("_", "") if text[0] != "." else text
    if len(digits) < MOST_DIGITS and INTEGER.fullmatch(digits):
        number = _integer(digits)
        if -(2**63) <= number < 2**64:
            return INT, number
    if DECIMAL.fullmatch(digits) and isfinite(float(digits)):
        return FLOAT, float(digits)
    return STR, text


def _exists(day: str) -> bool:
    try:
        date(*(int(each) for each in re.findall("[0-9]+", day)[:3]))
    except ValueError:
        return False
    return True


def _integer(digits: str) -> int:
    sign, rest = (-1, digits[1:]) if digits[0] == "-" else (1, digits.lstrip("+"))
    old_octal = len(rest) > 1 and rest[0] == "0" and rest[1].isdigit()
    return sign * (int(rest, 8) if old_octal else int(rest, 0))
