"""What a run would change: new inputs against the state, as it was last read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lab.clouds.base.kind import Kind, State
from lab.clouds.base.values import UNKNOWN, Inputs, Path, has_unknown, show

EMPTY: tuple[Any, ...] = (None, "", [], {}, False)
MISSING = object()


@dataclass(frozen=True)
class Difference:
    changed: Mapping[str, str] = field(default_factory=dict)
    """Path, as the engine writes it -> add, delete or update."""
    replaces: Sequence[str] = ()
    delete_first: bool = False


def difference(
    kind: Kind, old_inputs: Inputs, state: State, new: Inputs, ignored: Sequence[str] = ()
) -> Difference:
    changed: dict[str, str] = {}
    replaces = []
    for key in sorted({*new, *old_inputs, *kind.meaning()}):
        if _ignored(key, ignored):
            continue
        found = dict(_of_key(kind, key, old_inputs, state, new))
        changed |= found
        if found and key in kind.identity:
            replaces.append(key)
    return Difference(changed, replaces, bool(replaces) and _same_name(kind, state, new))


def same(kind: Kind, key: str, live: Any, wanted: Any) -> bool:
    return not list(_changes(kind.normal(key, live), kind.normal(key, wanted), (key,)))


def _of_key(
    kind: Kind, key: str, old_inputs: Inputs, state: State, new: Inputs
) -> Iterator[tuple[str, str]]:
    default = kind.meaning().get(key, MISSING)
    wanted, live = new.get(key, default), state.get(key, default)
    if wanted is MISSING:
        # Given before and no longer: what the cloud makes of it by itself stands.
        if key in kind.local and key in old_inputs and not _empty(state.get(key)):
            yield key, "delete"
        return
    if live is MISSING or live is None:
        if not _empty(wanted):
            yield key, "add"
        return
    if key in kind.documents:
        # One text to the engine, however much of it differs.
        if not same(kind, key, live, wanted):
            yield key, "update"
        return
    for path, what in _changes(kind.normal(key, live), kind.normal(key, wanted), (key,)):
        yield show(path), what


def _changes(live: Any, wanted: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if wanted == UNKNOWN or live == UNKNOWN:
        yield path, "update"
    elif isinstance(wanted, dict) and isinstance(live, dict):
        for key in sorted({*wanted, *live}):
            yield from _member(live.get(key), wanted.get(key), (*path, key))
    elif isinstance(wanted, list) and isinstance(live, list):
        for index in range(max(len(wanted), len(live))):
            if index >= len(live):
                yield (*path, index), "add"
            elif index >= len(wanted):
                yield (*path, index), "delete"
            else:
                yield from _changes(live[index], wanted[index], (*path, index))
    elif live != wanted and not (_empty(live) and _empty(wanted)):
        yield path, "update"


def _member(live: Any, wanted: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if _empty(live) and _empty(wanted):
        return
    if wanted is None:
        yield path, "delete"
    elif live is None:
        yield path, "add"
    else:
        yield from _changes(live, wanted, path)


def _empty(value: Any) -> bool:
    """Nothing, or nothing but nothings: clouds answer with the rest of an empty object."""
    if isinstance(value, dict):
        return all(_empty(each) for each in value.values())
    return any(value is each or (value == each and type(value) is type(each)) for each in EMPTY)


def _ignored(key: str, ignored: Sequence[str]) -> bool:
    """A path into a property leaves the whole of it alone."""
    return any(each == key or each.startswith((f"{key}.", f"{key}[")) for each in ignored)


def _same_name(kind: Kind, state: State, new: Inputs) -> bool:
    """A second one of the same name could not be made while the first is there."""
    if kind.name is None:
        return False
    wanted = new.get(kind.name[0])
    return not has_unknown(wanted) and wanted == state.get(kind.name[0])
