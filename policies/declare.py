"""How a policy is declared: one frozen `Rule` per file in rules/.

No Pulumi is imported here. `pack` turns rules into policies; whatever only
reads them (render.py, document.py) starts at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Severity(StrEnum):
    """What a violation can cost: the engine's own four steps."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Level(StrEnum):
    """What a violation does: is shown, stops the run, or nothing.

    The engine's fourth level, remediate, is left out: a policy that changes a plan would
    make it differ from the stack file that was reviewed.
    """

    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    DISABLED = "disabled"


class Judges(StrEnum):
    """What a rule looks at, which also decides when."""

    RESOURCE = "each resource by itself"
    STACK = "all resources of the stack together"


@dataclass(frozen=True)
class Framework:
    """The published document that a rule enforces: its name, version and the place in it."""

    name: str
    version: str
    reference: str


class Resource(Protocol):
    """The part of pulumi_policy's resource that rules read.

    `props` raises UnknownValueError when a value is read that a preview can't know; so does
    `key in props`. Iterating over the keys is safe.
    """

    resource_type: str
    name: str
    urn: str
    props: Mapping[str, Any]
    opts: Any
    provider: Any


Settings = Mapping[str, Any]
ENDED = "endedExceptions"
"""Of any policy's configuration: what of its exceptions has ended, as render.py writes it. In no
policy's schema: it is no setting that somebody chooses."""
Check = Callable[[Any, Settings], Iterator[Any]]


@dataclass(frozen=True)
class Rule:
    """A policy without its engine.

    `check` gets a resource and the settings, and yields one sentence per finding; a rule that
    judges the stack gets the list of resources and yields `(resource, sentence)`. A sentence
    never holds a property's value: policies see secrets in clear, and messages end in logs
    and comments. `types` are Pulumi's type tokens: the check never sees another type.
    `settings` maps a name to its JSON Schema, always with a default.
    """

    id: str
    title: str
    severity: Severity
    level: Level
    framework: Framework
    types: Sequence[str]
    why: str
    source: str
    remedy: str
    judges: Judges
    check: Check = field(repr=False)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it is explained, from the top of the repository."""
        return f"docs/reference/policies.md#{self.id}"

    def effective(self, given: Settings) -> dict[str, Any]:
        """The given settings over the defaults."""
        return {key: schema["default"] for key, schema in self.settings.items()} | dict(given)


def resource_rule(**about: Any) -> Callable[[Check], Rule]:
    """Declare a rule that judges each resource by itself; the function's name gives the id."""
    return lambda check: _rule(check, Judges.RESOURCE, about)


def stack_rule(**about: Any) -> Callable[[Check], Rule]:
    """Declare a rule that judges all resources of the stack together."""
    return lambda check: _rule(check, Judges.STACK, about)


def _rule(check: Check, judges: Judges, about: dict[str, Any]) -> Rule:
    return Rule(id=check.__name__.replace("_", "-"), judges=judges, check=check, **about)
