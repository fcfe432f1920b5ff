"""Small types that make the forms read like forms."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic_core import PydanticCustomError, core_schema

from settings.problems import Path
from settings.refusal import refusal


class Checked:
    """Metadata of an `Annotated` type whose values `check` returns or refuses."""

    def check(self, value: Any) -> Any:
        raise NotImplementedError

    def json_schema(self) -> dict[str, Any]:
        return {}

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {**handler(schema), **self.json_schema()}


@dataclass(frozen=True)
class Syntax(Checked):
    """Text that matches `pattern` from end to end and is no longer than `longest`."""

    rule: str
    pattern: str
    what: str
    fix: str
    longest: int

    def check(self, value: str, at: Path = ()) -> str:
        if not value:
            raise refusal("empty", "is empty", "leave the key out, or " + self.fix, at)
        what = f"{'an' if self.what[0] in 'AEIOaeio' else 'a'} {self.what}"
        if not re.fullmatch(self.pattern, value):
            raise refusal(self.rule, f"is not {what}", self.fix, at)
        if len(value) > self.longest:
            too_long = f"is {len(value)} letters long; {what} has {self.longest} at most"
            raise refusal(self.rule, too_long, self.fix, at)
        return value

    def accepts(self, value: str) -> bool:
        try:
            self.check(value)
        except PydanticCustomError:
            return False
        return True

    def json_schema(self) -> dict[str, Any]:
        return {"pattern": f"^(?:{self.pattern})$", "maxLength": self.longest}


@dataclass(frozen=True)
class Whole(Checked):
    """A whole number from `low` to `high` in a field of `bits` bits."""

    low: int
    high: int
    rule: str = "range"
    bits: int = 64

    def check(self, value: int) -> int:
        if not self.low <= value <= self.high:
            held = -(2 ** (self.bits - 1)) <= value < 2 ** (self.bits - 1)
            over = f"is below {self.low}" if value < self.low else f"is above {self.high}"
            fix = f"write a number from {self.low} to {self.high}"
            raise refusal(self.rule if held else "range", over, fix)
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"minimum": self.low, "maximum": self.high}


class OneOf(Checked):
    """Text that is one of a few words. `meant` names the right one for words that are none of
    them and that a person may well write."""

    def __init__(self, *words: str, rule: str = "value", meant: Mapping[str, str] | None = None):
        self.words = words
        self.rule = rule
        self.meant = meant or {}

    def check(self, value: str) -> str:
        if value in self.words:
            return value
        if not value:
            raise refusal("empty", "is empty", "leave the key out")
        meant = self.meant.get(value)
        fix = f"write {meant}" if meant else choose(value, self.words)
        raise refusal(self.rule, "is not one of its values", fix)

    def json_schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant; case counts little, a beginning is enough."""
    by_lower = {each.lower(): each for each in known}
    begun = [each for each in by_lower if len(word) > 2 and each.startswith(word.lower())]
    if len(begun) == 1:
        return by_lower[begun[0]]
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def choose(word: str, known: Iterable[str]) -> str:
    """A fix that names the nearest known word and all others."""
    known = list(known)
    meant = nearest(word, known)
    listed = f"one of {', '.join(known)}" if len(known) > 1 else known[0]
    return f"write {meant} (it is {listed})" if meant and len(known) > 1 else f"write {listed}"


class _NotEmpty(Checked):
    def check(self, value: str) -> str:
        if not value:
            raise refusal("empty", "is empty", "leave the key out")
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"minLength": 1}


INT32 = 2**31 - 1
INT64 = 2**63 - 1

LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"

Text = Annotated[str, _NotEmpty()]
DnsLabel = Annotated[
    str,
    Syntax(
        "name",
        LABEL,
        "DNS label",
        "write lower-case letters, digits and '-' only, at most 63, e.g. prod-1",
        63,
    ),
]
ObjectName = Annotated[
    str,
    Syntax(
        "name",
        rf"{LABEL}(\.{LABEL})*",
        "name of a Kubernetes object (DNS subdomain)",
        "write lower-case letters, digits, '-' and '.' only, e.g. registry-storage",
        253,
    ),
]
