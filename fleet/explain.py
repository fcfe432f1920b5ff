"""`ocpreg explain`: what a setting of a stack file means, from the forms themselves."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, get_args

from pydantic_core import PydanticUndefined

from settings.cluster import minor
from settings.form import Form
from settings.presets import PRESETS, filled
from settings.problems import PLAIN_KEY, quoted, shown_key
from settings.reference import type_words
from settings.schema import schema
from settings.sections import PROJECT
from settings.stack import StackSettings
from settings.types import nearest
from settings.walk import Entry, entries

ANY_VERSION = "any OpenShift 4"


class NoSetting(Exception):
    """There is no setting at a path. The message says so, `fix` which ones there are."""

    def __init__(self, message: str, fix: str):
        super().__init__(message)
        self.fix = fix


@dataclass(frozen=True)
class Setting:
    """A key of a stack file, and all there is to say of it."""

    path: str
    """As `pulumi config set --path` takes it, but that a list has `[]`."""
    kinds: tuple[str, ...]
    """The kinds of storage that have it; empty outside storage."""
    meaning: str
    type: str = ""
    required: bool = False
    default: Any = None
    presets: tuple[tuple[str, Any], ...] = ()
    """What each preset fills in."""
    since: str | None = None
    """The first OpenShift minor that has it; None if all have."""
    guide: str | None = None
    """Section of Red Hat's registry guide for 4.15."""
    example: Any = None
    keys: tuple[str, ...] = ()
    """Those in it."""
    settable: bool = True

    @property
    def name(self) -> str:
        """For comparison with what somebody writes."""
        return _normal(self.path)

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "presets": dict(self.presets)}


def settings_at(path: str) -> list[Setting]:
    """All settings at `path`: one for each kind of storage, unless they are the same.

    What stands in a free mapping, as a label does, is explained by the mapping. Raises
    `NoSetting`.
    """
    wanted, known = _normal(path), all_settings()
    found = [each for each in known if each.name == wanted]
    if not found:
        free = [each for each in known if each.type.startswith("mapping of")]
        found = [each for each in free if wanted.startswith(f"{each.name}.")]
    if not found:
        raise _unknown(path, wanted, [each for each in known if each.settable])
    return _merged(found)


def as_text(settings: Iterable[Setting]) -> str:
    return "\n\n".join("\n".join(_lines(each)) for each in settings)


def _lines(setting: Setting) -> Iterator[str]:
    kinds = f" (kind: {', '.join(setting.kinds)})" if setting.kinds else ""
    yield f"{setting.path}{kinds}"
    yield f"    {setting.meaning}"
    if not setting.settable:
        return
    facts = {
        "type": setting.type,
        "default": _default(setting),
        "since": f"OpenShift {setting.since}" if setting.since else ANY_VERSION,
        "guide": setting.guide,
        "example": None if setting.example is None else _json(setting.example),
        "keys": ", ".join(setting.keys),
    }
    for name, fact in facts.items():
        if fact:
            yield f"    {name:<9}{fact}"


def _default(setting: Setting) -> str:
    default = "none" if setting.default is None else _json(setting.default)
    by_value: dict[str, list[str]] = {}
    for preset, value in setting.presets:
        by_value.setdefault(_json(value), []).append(preset)
    filled_in = [f"{value} with preset {', '.join(names)}" for value, names in by_value.items()]
    return "; ".join(["required" if setting.required else default, *filled_in])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _normal(path: str) -> str:
    """`openshift-registry:a.b[0]["c.d"]` -> `a.b.c.d`."""
    text = path.strip().removeprefix(f"{PROJECT}:")
    text = re.sub(r"\[\d*\]", "", text)
    return re.sub(r"""\[["']?([^]"']*)["']?\]""", r".\1", text).strip(".")


def _merged(settings: list[Setting]) -> list[Setting]:
    """Those that differ by the kind of storage alone are one."""
    merged: list[Setting] = []
    for each in settings:
        for index, one in enumerate(merged):
            if replace(one, kinds=each.kinds) == each:
                merged[index] = replace(one, kinds=(*one.kinds, *each.kinds))
                break
        else:
            merged.append(each)
    return merged


def _unknown(path: str, wanted: str, known: list[Setting]) -> NoSetting:
    message = f"there is no setting {shown_key(path)}"
    ends = dict.fromkeys(each.name for each in known if f".{each.name}".endswith(f".{wanted}"))
    if ends and wanted:
        return NoSetting(message, f"write {' or '.join(ends)}")
    parent = wanted
    while parent:
        parent = parent.rpartition(".")[0]
        keys = dict.fromkeys(k for s in known if s.name == parent for k in s.keys)
        if keys:
            key = wanted.removeprefix(f"{parent}.").partition(".")[0]
            meant = nearest(key, keys)
            here = f"the keys of {parent} are: {', '.join(keys)}"
            return NoSetting(message, f"write {parent}.{meant}" if meant else here)
    sections = dict.fromkeys(each.path for each in known if "." not in each.path)
    meant = nearest(wanted.partition(".")[0], sections)
    listed = f"a setting begins with one of {', '.join(sections)}"
    return NoSetting(message, f"write {meant}; {listed}" if meant else listed)


@cache
def all_settings() -> tuple[Setting, ...]:
    """Every setting there is, outer ones first."""
    return tuple(_of(StackSettings, "", schema()["$defs"], Setting("", (), "")))


def _of(
    form: type[Form], prefix: str, schemas: dict[str, Any], around: Setting
) -> Iterator[Setting]:
    shapes = schemas.get(form.__name__, {}).get("properties", {})
    for entry in entries(form):
        if len(entry.path) > 1:
            continue
        name = str(entry.path[0])
        shape = shapes.get(name, {})
        setting = _setting(entry, _joined(prefix, name), shape, around)
        yield setting
        if entry.inner:
            items = "[]" if shape.get("type") == "array" else ""
            yield from _of(entry.inner, f"{setting.path}{items}", schemas, setting)
    for name, reason in form.not_settable.items():
        instead = f"; {form.instead[name]}" if name in form.instead else ""
        meaning = f"can't be set: it {reason}{instead}"
        yield Setting(_joined(prefix, name), around.kinds, meaning, settable=False)


def _joined(prefix: str, name: str) -> str:
    if not PLAIN_KEY.fullmatch(name):
        return f"{prefix}[{quoted(name)}]"
    return f"{prefix}.{name}" if prefix else name


def _setting(entry: Entry, path: str, shape: dict[str, Any], around: Setting) -> Setting:
    field, inner = entry.field, entry.inner
    kinds = around.kinds or (_kinds(inner) if path == "storage" else ())
    since = [each for each in (entry.fact("since"), around.since) if each]
    no_default = field.is_required() or field.default is PydanticUndefined
    return Setting(
        path=path,
        kinds=kinds,
        meaning=field.description or "",
        type=type_words(shape),
        required=field.is_required(),
        default=None if no_default else field.default,
        presets=tuple(_presets(path, kinds)),
        # What is in a key is no older than the key.
        since=max(since, key=minor, default=None),
        guide=entry.fact("guide") or around.guide,
        example=field.examples[0] if field.examples else None,
        keys=tuple(each.alias or name for name, each in inner.model_fields.items())
        if inner
        else (),
    )


def _kinds(form: type[Form] | None) -> tuple[str, ...]:
    kind = form.model_fields.get("kind") if form else None
    return get_args(kind.annotation) if kind else ()


def _presets(path: str, kinds: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """What each preset fills in at `path`, in a stack file that leaves all to it."""
    section, *parts = path.split(".")
    for name, preset in PRESETS.items():
        value: Any = None
        if path == "registry.replicas":
            value = preset.replicas
        elif section == "storage" and kinds == ("claim",) and len(parts) == 3:
            part, mode, key = parts
            value = filled({"preset": name, part: {mode: {}}}).get(part, {}).get(mode, {}).get(key)
        if value is not None:
            yield name, value
