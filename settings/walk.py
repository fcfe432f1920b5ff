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
    """One key of one form. `inner` is the form behind it, if there is one."""

    path: Path
    field: FieldInfo
    inner: type[Form] | None

    def fact(self, name: str) -> str | None:
        extra = self.field.json_schema_extra
        return extra.get(name) if isinstance(extra, dict) else None  # type: ignore[return-value]


def form_at(form: type[Form], path: Path) -> type[Form] | None:
    """The form whose keys stand at `path`, or None if that is no form."""
    here: type[Form] | None = form
    for part in path:
        if isinstance(part, int):
            continue  # the form behind a list is that of its items
        field = _by_alias(here).get(part) if here else None
        here = _inner(field.annotation)[0] if field else None
    return here


@cache
def entries(form: type[Form], path: Path = ()) -> tuple[Entry, ...]:
    """All keys of a form and of the forms in it, outer first."""
    return tuple(_entries(form, path))


def _entries(form: type[Form], path: Path) -> Iterator[Entry]:
    for alias, field in _by_alias(form).items():
        inner, items = _inner(field.annotation)
        here = (*path, alias)
        yield Entry(here, field, inner)
        if inner:
            yield from _entries(inner, (*here, ANY) if items else here)


@cache
def _by_alias(form: type[Form]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in form.model_fields.items()}


def _inner(annotation: Any) -> tuple[type[Form] | None, bool]:
    """The form behind a type, and whether it is the form of a list's items."""
    if isinstance(annotation, type) and issubclass(annotation, Form):
        return annotation, False
    origin = get_origin(annotation)
    if origin is list:
        return _inner(get_args(annotation)[0])[0], True
    if origin in (Annotated, Union, UnionType):
        parts = get_args(annotation)
        for part in parts[:1] if origin is Annotated else parts:
            found = _inner(part)
            if found[0]:
                return found
    return None, False
