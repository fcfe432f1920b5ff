"""Kubernetes' labels, annotations and other qualified names."""

from typing import Annotated

from settings.problems import Path, is_encrypted, quoted, shown_key
from settings.refusal import refusal
from settings.types import LABEL, Checked, Syntax

RULE = "deployment:label"

NAME = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
QUALIFIED = rf"((?=[^/]{{1,253}}/){LABEL}(\.{LABEL})*/)?{NAME}"
VALUE = rf"({NAME})?"

KEY = Syntax(
    RULE,
    QUALIFIED,
    "label key",
    "write letters, digits, '-', '_', '.', at most 63, perhaps after a DNS name and '/', "
    "e.g. node-role.kubernetes.io/infra",
    253 + 1 + 63,
)


class _Value(Syntax):
    def check(self, value: str, at: Path = ()) -> str:
        # Unlike a key, a label's value may be empty.
        return super().check(value, at) if value else value


VALUES = _Value(
    RULE,
    VALUE,
    "label value",
    "write letters, digits, '-', '_', '.' only, at most 63, e.g. infra",
    63,
)

LabelKey = Annotated[str, KEY]
LabelValue = Annotated[str, VALUES]


class _Map(Checked):
    """A mapping of text to text whose faults are said in one sentence."""

    def __init__(self, what: str, values: Syntax | None):
        self.what = what
        self.values = values

    def check(self, value: dict[str, str]) -> dict[str, str]:
        if is_encrypted(value):
            raise refusal(
                "secure-key",
                "is read by Pulumi as an encrypted value, because its only key is `secure`",
                "add a second key, or name it differently",
            )
        self._refuse([each for each in value if not KEY.accepts(each)], "keys", KEY.fix)
        if self.values is not None:
            bad = [each for each in value if not self.values.accepts(value[each])]
            self._refuse(bad, "values", self.values.fix)
        return value

    def _refuse(self, bad: list[str], part: str, fix: str) -> None:
        if bad:
            names = ", ".join(quoted(shown_key(each)) for each in bad)
            raise refusal(RULE, f"has {part} that no {self.what} may have, at {names}", fix)


Labels = Annotated[dict[str, str], _Map("label", VALUES)]
Annotations = Annotated[dict[str, str], _Map("annotation", None)]
