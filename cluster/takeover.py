"""What a patch takes over from others, field by field, so that a plan can say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from settings.facts import LiveFacts
from settings.secret import Secret

ABSENT = "(not set)"


@dataclass(frozen=True)
class Taken:
    """A field that someone else owns or nobody does, and that the patch will own."""

    path: str
    live: str
    wanted: str
    manager: str

    def __str__(self) -> str:
        return f"{self.path}: {self.live} -> {self.wanted} (now {self.manager})"


def takeover(facts: LiveFacts, wanted: Mapping[str, Any], manager: str) -> list[Taken]:
    """The fields of `wanted` (a spec) that `manager` does not own by server-side apply yet.

    A backend of spec.storage that goes is listed too, with `(removed)`.
    """
    if facts.config is None:
        return []
    fields = facts.config.get("metadata", {}).get("managedFields") or []
    ours = [each for each in fields if _is(each, manager)]
    others = [each for each in fields if not _is(each, manager)]
    rows = []
    for path, value in _leaves(wanted):
        if any(_owns(each, path) for each in ours):
            continue
        owners = {each["manager"] for each in others if _owns(each, path)}
        shown = "[secret]" if isinstance(value, Secret) else _show(value)
        live = ABSENT if path == ("httpSecret",) else _show(_at(facts.spec, path))
        names = ", ".join(sorted(owners)) or "nobody"
        rows.append(Taken(".".join(("spec", *path)), live, shown, names))
    for backend, block in facts.backends.items():
        if "storage" in wanted and backend not in wanted["storage"]:
            path = ("storage", backend)
            owners = {each["manager"] for each in others if _owns(each, path)}
            names = ", ".join(sorted(owners)) or "nobody"
            rows.append(Taken(f"spec.storage.{backend}", _show(block), "(removed)", names))
    return rows


def _is(entry: Mapping[str, Any], manager: str) -> bool:
    return entry.get("manager") == manager and entry.get("operation") == "Apply"


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _leaves(each, (*path, key))
    else:
        yield path, value


def _owns(entry: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    node = (entry.get("fieldsV1") or {}).get("f:spec")
    for depth, key in enumerate(path):
        if not isinstance(node, Mapping):
            return False
        if depth and not node:
            return True  # an atomic parent is owned as a whole
        node = node.get(f"f:{key}")
    return node is not None


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _show(value: Any) -> str:
    if value is None:
        return ABSENT
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_show(each)}" for key, each in value.items()) + "}"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
