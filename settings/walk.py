"""The forms as a tree: which form stands at a path, and all their keys."""

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from settings.form import Form
from settings.problems import Path

ANY = "*"
"""Stands in a path for every item of a list."""


class Entry(NamedTuple):
    """One key of one form. `inner` is the form behind it, if there is one.

    A key behind which one of several forms may stand comes once for each of them.
    """

    path: Path
    field: FieldInfo
    inner: type[Form] | None

    def fact(self, name: str) -> str | None:
        extra = self.field.json_schema_extra
        return extra.get(name) if isinstance(extra, dict) else None  # type: ignore[return-value]


def form_at(form: type[Form], path: Path) -> type[Form] | None:
    """The form whose keys stand at `path`, or None if that is no form.

    `path` is pydantic's: after a key with several forms it holds the `kind` of the one.
    """
    here: tuple[type[Form], ...] = (form,)
    for part in path:
        if isinstance(part, int):
            continue  # the form behind a list is that of its items
        if len(here) > 1:
            here = tuple(each for each in here if _kind(each) == part)
            continue
        field = _by_alias(here[0]).get(part) if here else None
        here = _inner(field.annotation)[0] if field else ()
    return here[0] if len(here) == 1 else None


def untagged(form: type[Form], path: Path) -> Path:
    """pydantic's path as it stands in the file, without kinds."""
    here: tuple[type[Form], ...] = (form,)
    kept: Path = ()
    for part in path:
        if len(here) > 1:
            here = tuple(each for each in here if _kind(each) == part)
            continue
        kept = (*kept, part)
        if not isinstance(part, int):
            field = _by_alias(here[0]).get(part) if here else None
            here = _inner(field.annotation)[0] if field else ()
    return kept


@cache
def entries(form: type[Form], path: Path = ()) -> tuple[Entry, ...]:
    """All keys of a form and of the forms in it, outer first."""
    return tuple(_entries(form, path))


def _entries(form: type[Form], path: Path) -> Iterator[Entry]:
    for alias, (field, inner, items) in _keys(form).items():
        here = (*path, alias)
        for each in inner or (None,):
            yield Entry(here, field, each)
            if each:
                yield from _entries(each, (*here, ANY) if items else here)


@cache
def _keys(form: type[Form]) -> dict[str, tuple[FieldInfo, tuple[type[Form], ...], bool]]:
    """Of each key: the field, the forms behind it, and whether they are those of a list's items."""
    return {key: (field, *_inner(field.annotation)) for key, field in _by_alias(form).items()}


@cache
def _by_alias(form: type[Form]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in form.model_fields.items()}


def _kind(form: type[Form]) -> str:
    """What tells it from the other forms that may stand in its place."""
    return get_args(form.model_fields["kind"].annotation)[0]


def _inner(annotation: Any) -> tuple[tuple[type[Form], ...], bool]:
    """The forms behind a type, and whether they are those of a list's items."""
    if isinstance(annotation, type) and issubclass(annotation, Form):
        return (annotation,), False
    origin = get_origin(annotation)
    if origin is list:
        return _inner(get_args(annotation)[0])[0], True
    if origin is Annotated:
        return _inner(get_args(annotation)[0])
    if origin in (Union, UnionType):
        parts = [_inner(each) for each in get_args(annotation)]
        return tuple(form for forms, _ in parts for form in forms), any(i for _, i in parts)
    return (), False
