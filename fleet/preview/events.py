"""What the engine's events say of one stack: steps, differences, policies, diagnostics.

Their form: pulumi sdk/go/common/apitype/events.go.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

SECRET, UNKNOWN = "[secret]", "[unknown]"
SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which a value says that it is no plain one (pulumi sdk/go/common/resource/sig)."""
UNKNOWNS = re.compile(
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9|1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"
    "|3eeb2bf0-c639-47a8-9e75-3b44932eb421|6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"
    "|030794c1-ac77-496b-92df-f27374a8bd58|e48ece36-62e2-4504-bad9-02848725956a"
    "|dd056dcd-154b-4c76-9bd3-c8f88648b5ff"
)
KEPT = frozenset(
    ("policyEvent", "resourcePreEvent", "resOpFailedEvent", "diagnosticEvent", "summaryEvent")
)
NOTHING = frozenset(("same", "read", "refresh"))
"""Steps that change nothing."""
REPEATED = frozenset(("preview failed", "update failed"))
"""Errors that only say that there was one."""
INTERNAL = ("__", "pulumi.com/")
STEP = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[\]]+)')


@dataclass(frozen=True)
class Difference:
    """One path of a resource. `old` and `new` are text as shown; None where there is nothing."""

    path: str
    old: str | None
    new: str | None
    replaces: bool = False


@dataclass(frozen=True)
class Step:
    """Something that is done to one resource."""

    op: str
    urn: str
    type: str
    protected: bool = False
    retained: bool = False
    differences: tuple[Difference, ...] = ()

    @property
    def name(self) -> str:
        return self.urn.split("::", 3)[-1]


@dataclass(frozen=True)
class Violation:
    policy: str
    pack: str
    level: str
    severity: str
    message: str
    urn: str
    exceptions: tuple[tuple[str, str], ...] = ()
    """ID and reason of each that waives it."""

    @property
    def stops(self) -> bool:
        return self.level == "mandatory" and not self.exceptions

    @property
    def counts_as(self) -> str:
        """`waived` in place of its level, if an exception does so."""
        return "waived" if self.exceptions else self.level

    @property
    def resource(self) -> str:
        return self.urn.split("::", 3)[-1]


@dataclass
class Told:
    """All of it."""

    steps: list[Step] = field(default_factory=list)
    found: list[Step] = field(default_factory=list)
    """What a refresh has found otherwise than the state has it: `update` or `delete`."""
    violations: list[Violation] = field(default_factory=list)
    diagnostics: list[tuple[str, str]] = field(default_factory=list)
    """Severity and message."""
    changes: dict[str, int] = field(default_factory=dict)
    whole: bool = False
    """Did it come to an end?"""

    @property
    def errors(self) -> list[str]:
        said = [message for severity, message in self.diagnostics if severity == "error"]
        return [each for each in said if each not in REPEATED]


def kept(text: str, clean: Callable[[Any], Any]) -> str:
    """The lines that are worth keeping, cleaned: no debugging, no configuration."""
    lines, refreshed = [], Refreshed()
    for line in text.splitlines():
        event = _event(line)
        debug = event.get("diagnosticEvent", {}).get("severity") == "debug"
        if refreshed(event) or (KEPT & event.keys() and not debug):
            lines.append(json.dumps(clean(event), ensure_ascii=False))
    return "".join(f"{each}\n" for each in lines)


def read(text: str) -> Told:
    told, refreshed = Told(), Refreshed()
    for line in text.splitlines():
        event = _event(line)
        if refreshed(event):
            step = _step(event["resOutputsEvent"]["metadata"])
            if step.op == "delete" or step.differences:
                told.found.append(step)
        elif "policyEvent" in event:
            told.violations.append(_violation(event["policyEvent"]))
        elif "resourcePreEvent" in event:
            told.steps.append(_step(event["resourcePreEvent"]["metadata"]))
        elif "diagnosticEvent" in event:
            said = event["diagnosticEvent"]
            told.diagnostics.append((said.get("severity", "info"), said["message"].strip()))
        elif "summaryEvent" in event:
            told.changes = dict(event["summaryEvent"].get("resourceChanges") or {})
            told.whole = True
    if not told.whole:
        told.changes = dict(Counter(each.op for each in told.steps))
    return told


def _event(line: str) -> dict[str, Any]:
    # An engine that was killed leaves half a line.
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


class Refreshed:
    """Which steps are the ends of a refresh that has found something else.

    Only its end says what it has come to; of all other steps the end says nothing new. Of what is
    no resource of a provider (stack, component) it is an update too, without any difference.
    """

    def __init__(self) -> None:
        self._begun: set[str] = set()

    def __call__(self, event: Mapping[str, Any]) -> bool:
        before = event.get("resourcePreEvent", {}).get("metadata", {})
        if before.get("op") == "refresh":
            self._begun.add(before["urn"])
        after = event.get("resOutputsEvent", {}).get("metadata", {})
        return after.get("urn") in self._begun and after["op"] in ("update", "delete")


def _violation(event: Mapping[str, Any]) -> Violation:
    return Violation(
        policy=event["policyName"],
        pack=event.get("policyPackName", ""),
        level=event.get("enforcementLevel", "advisory"),
        severity=event.get("severity") or "unspecified",
        message=event["message"].strip(),
        urn=event.get("resourceUrn", ""),
        exceptions=tuple((each["id"], each["reason"]) for each in event.get("exceptions") or ()),
    )


def _step(metadata: Mapping[str, Any]) -> Step:
    old, new = metadata.get("old") or {}, metadata.get("new") or {}
    state = new or old
    return Step(
        op=metadata["op"],
        urn=metadata["urn"],
        type=metadata["type"],
        protected=bool(state.get("protect")),
        retained=bool(state.get("retainOnDelete")),
        differences=tuple(_differences(metadata, old, new)),
    )


def _differences(
    metadata: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Difference]:
    before, after = old.get("inputs") or {}, new.get("inputs") or {}
    detailed = metadata.get("detailedDiff") or {}
    for path, about in sorted(detailed.items()):
        kind = about.get("diffKind", "update")
        was = _at(before, path)
        if was is None and "add" not in kind:
            was = _at(old.get("outputs") or {}, path)
        will = None if "delete" in kind else _at(after, path)
        if will is None and "delete" not in kind:
            will = _at(new.get("outputs") or {}, path)
        yield Difference(path, _shown(was), _shown(will), kind.endswith("-replace"))
    if not detailed and metadata["op"] not in NOTHING:
        reasons = set(metadata.get("keys") or ())
        yield from _compared((), before if old else None, after if new else None, reasons)


def _compared(at: tuple[str, ...], old: Any, new: Any, reasons: set[str]) -> Iterator[Difference]:
    """Leaf by leaf, where the provider has named no paths: all of what is new or goes."""
    if at and at[-1].startswith(INTERNAL):
        return
    plain = [each for each in (old, new) if isinstance(each, Mapping) and SIGNATURE not in each]
    if plain and all(each is None or each in plain for each in (old, new)):
        for key in sorted({key for each in plain for key in each}):
            one, other = ((each or {}).get(key) for each in (old, new))
            yield from _compared((*at, key), one, other, reasons)
        if any(plain) or not at:
            return
    if at and old != new:
        yield Difference(_path(at), _shown(old), _shown(new), at[0] in reasons)


def _path(at: tuple[str, ...]) -> str:
    plain = re.compile(r"[\w-]+")
    text = "".join(f".{each}" if plain.fullmatch(each) else f'["{each}"]' for each in at)
    return text.removeprefix(".")


def _at(value: Any, path: str) -> Any:
    """None if there is nothing; what is in a secret is one."""
    for quoted, index, name in STEP.findall(path):
        if isinstance(value, Mapping) and SIGNATURE in value:
            return value
        if isinstance(value, Mapping):
            value = value.get(quoted.replace('\\"', '"') or name or index)
        elif isinstance(value, list) and index:
            value = value[int(index)] if int(index) < len(value) else None
        else:
            return None
    return value


def _shown(value: Any) -> str | None:
    if value is None:
        return None
    plain = _plain(value)
    return plain if plain in (SECRET, UNKNOWN) else json.dumps(plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        if SIGNATURE in value:
            # Of a file there is nothing worth showing either.
            return SECRET if "ciphertext" in value or "plaintext" in value else "[asset]"
        return {key: _plain(each) for key, each in value.items() if not key.startswith("__")}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return UNKNOWN if UNKNOWNS.fullmatch(value) else UNKNOWNS.sub(UNKNOWN, value)
    return value
