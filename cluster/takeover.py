"""What a patch takes over from others, field by field, so that a plan can say it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from settings.facts import Patched
from settings.secret import Secret

ABSENT = "(not set)"
HIDDEN = "[secret]"
GIVEN_BACK = "(given back)"


@dataclass(frozen=True)
class Taken:
    """A field that someone else owns or nobody does, and that the patch will own."""

    path: str
    live: str
    wanted: str
    manager: str

    def __str__(self) -> str:
        return f"{self.path}: {self.live} -> {self.wanted} (now {self.manager})"


def takeover(found: Patched, wanted: Mapping[str, Any], manager: str) -> list[Taken]:
    """The fields of `wanted` (a spec) that `manager` does not own by server-side apply yet.

    A backend of spec.storage that goes is listed too, with `(removed)`, and what `manager` owns
    and gives back.
    """
    if found.live is None:
        return []
    rows = []
    for path, value in _leaves(wanted) if wanted else ():
        owners = found.owners(path)
        filled = value == {} and isinstance(_at(found.spec, path), Mapping)
        if (manager, "Apply") in owners or filled:
            continue
        shown = HIDDEN if isinstance(value, Secret) else _show(value)
        if path == ("httpSecret",):
            live = HIDDEN if owners else ABSENT  # it is not among the facts
        else:
            live = _show(_at(found.spec, path))
        rows.append(Taken(".".join(("spec", *path)), live, shown, _names(owners)))
    for backend, block in (found.spec.get("storage") or {}).items():
        gone = block is not None and backend not in wanted.get("storage", {backend: None})
        if gone and backend != "managementState":
            owners = found.owners(("storage", backend))
            rows.append(Taken(f"spec.storage.{backend}", _show(block), "(removed)", _names(owners)))
    for path in found.applied_by(manager):
        if _at(wanted, path) is None and _at(found.spec, path) is not None:
            live = HIDDEN if path == ("httpSecret",) else _show(_at(found.spec, path))
            rows.append(Taken(".".join(("spec", *path)), live, GIVEN_BACK, "this stack"))
    return rows


def differences(found: Patched, wanted: Mapping[str, Any]) -> list[Taken]:
    """The fields of `wanted` (a part of a spec, without secrets) that the live object does not
    have so. What is empty is wanted for being there: the operator may have filled it."""
    return [
        Taken(
            ".".join(("spec", *path)),
            _show(_at(found.spec, path)),
            _show(value),
            _names(found.owners(path)),
        )
        for path, value in _leaves(wanted)
        if _at(found.spec, path) != value
        and not (value == {} and isinstance(_at(found.spec, path), Mapping))
    ]


def _names(owners: set[tuple[str, str]]) -> str:
    return ", ".join(sorted({manager for manager, _ in owners})) or "nobody"


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _leaves(each, (*path, key))
    else:
        yield path, value


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _show(value: Any) -> str:
    if value is None:
        return ABSENT
    if value == "":
        return '""'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_show(each)}" for key, each in value.items()) + "}"
    if isinstance(value, bool):
        return str(value).lower()
    # A proxy's URL may hold a user name and a password.
    return re.sub(r"//[^/\s]*@", "//***@", str(value))
