"""The examples beside the rules: what each policy has to report, and what it has to let pass.

They are read without the rules themselves: what is proved with them (selftest.py) is a pack that
runs in a process of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

FOLDER = Path(__file__).parent / "rules"
PROVIDER = "pulumi:providers:kubernetes"
KINDS = ("good", "bad")


@dataclass(frozen=True)
class Case:
    """One entry of a fixture file: the rule it is about, and whether it has to fire."""

    rule: str
    kind: str
    title: str
    resources: list[dict[str, Any]]
    settings: dict[str, Any] = field(default_factory=dict)
    says: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.title}"


def cases_of(rule: str, kind: str) -> list[Case]:
    """Raises FileNotFoundError where there are none."""
    return [Case(rule=rule, kind=kind, **with_outputs(each)) for each in _entries(rule, kind)]


@cache
def _entries(rule: str, kind: str) -> list[dict[str, Any]]:
    """Read once; what cases are made of is copied."""
    return read(fixture(rule, kind))


def read(path: Path) -> list[dict[str, Any]]:
    # libyaml, where PyYAML has it, reads all examples in a second less.
    return yaml.load(path.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def fixture(rule: str, kind: str) -> Path:
    return FOLDER / f"{rule.replace('-', '_')}.{kind}.yaml"


def rules_with_fixtures() -> set[str]:
    """By their files' names, whether the pack knows them or not."""
    return {
        path.name.removesuffix(f".{kind}.yaml").replace("_", "-")
        for kind in KINDS
        for path in FOLDER.glob(f"*.{kind}.yaml")
    }


class Output(str):
    """A value that comes from another resource of the case: unknown, as long as it is not given.

    Written `{$of: bucket}`, or `{$of: bucket, $is: prod-1-images}`.
    """

    of: str

    @classmethod
    def read(cls, written: dict[str, str]) -> "Output":
        output = cls(written.get("$is", UNKNOWN_STRING_VALUE))
        output.of = written["$of"]
        return output


def with_outputs(value: Any) -> Any:
    if value == {"$unknown": True}:
        return UNKNOWN_STRING_VALUE
    if isinstance(value, dict) and "$of" in value:
        return Output.read(value)
    if isinstance(value, dict):
        return {key: with_outputs(each) for key, each in value.items()}
    return [with_outputs(each) for each in value] if isinstance(value, list) else value


def urn(resource: dict[str, Any]) -> str:
    return resource.get("urn", f"urn:pulumi:prod::registry::{resource['type']}::{resource['name']}")


def origins(resource: dict[str, Any]) -> dict[str, list[str]]:
    """Property -> the names of the resources that it comes from."""
    props = resource.get("props", {})
    return {key: sorted(names) for key, value in props.items() if (names := set(_names_in(value)))}


def _names_in(value: Any) -> Iterator[str]:
    if isinstance(value, Output):
        yield value.of
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _names_in(each)
