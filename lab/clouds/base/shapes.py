"""Inputs checked against the types of the cloud's own SDK for Python."""

import collections.abc
import difflib
import importlib
import inspect
import json
import sys
import threading
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

import pulumi
from pulumi import _types

from lab.clouds.base.values import UNKNOWN, Path, show

WORDS = {str: "a string", bool: "true or false", int: "a whole number", float: "a number"}


_importing = threading.Lock()
"""The SDK's modules load when first looked into, and are half there to a second thread."""


@dataclass(frozen=True)
class Failure:
    """What is wrong with one property."""

    path: Path
    reason: str

    @property
    def property(self) -> str:
        return show(self.path)


@dataclass(frozen=True)
class Shape:
    """A class of the SDK: `name -> type` by the names on the wire, and what has to be there."""

    types: dict[str, Any]
    required: frozenset[str]


@cache
def shape(cls: type) -> Shape:
    names = _types.input_type_py_to_pulumi_names(cls)
    parameters = inspect.signature(cls.__init__).parameters
    needed = {
        names[name]
        for name, each in parameters.items()
        if name in names and each.default is inspect.Parameter.empty
    }
    return Shape(_types.input_type_types(cls), frozenset(needed))


@cache
def arguments(token: str) -> type:
    """The SDK's class of arguments: aws:s3/bucket:Bucket -> pulumi_aws.s3.BucketArgs."""
    resource = _resource(token)
    own = vars(sys.modules[resource.__module__])
    # InitArgs where a nested type has the plain name already.
    return own.get(f"{resource.__name__}InitArgs") or own[f"{resource.__name__}Args"]


@cache
def outputs(token: str) -> tuple[str, ...]:
    """The properties a resource has, by their names on the wire."""
    return tuple(_types.resource_types(_resource(token)))


def _resource(token: str) -> type:
    package, path, name = token.split(":")
    module = path.partition("/")[0]
    package = package.replace("-", "_")
    where = f"pulumi_{package}" if module == "index" else f"pulumi_{package}.{module}"
    with _importing:
        return getattr(importlib.import_module(where), name)


def mistakes(cls: type, value: dict[str, Any], path: Path = ()) -> Iterator[Failure]:
    """Unknown, missing and mistyped properties. An unknown value is of any type."""
    wanted = shape(cls)
    for key, each in value.items():
        here = (*path, key)
        if key not in wanted.types:
            near = difflib.get_close_matches(key, wanted.types, 1)
            yield Failure(here, "there is no such property" + (f"; {near[0]}?" if near else ""))
        elif each is not None:
            yield from _mismatch(wanted.types[key], each, here)
    for key in sorted(wanted.required - value.keys()):
        yield Failure((*path, key), "is required, and missing")


def _mismatch(wanted: Any, value: Any, path: Path) -> Iterator[Failure]:
    if value == UNKNOWN:
        return
    alternatives = _alternatives(wanted)
    fitting = [each for each in alternatives if _fits(each, value)]
    if not fitting:
        yield Failure(path, f"is {_said(value)}, and has to be {_wanted(alternatives)}")
        return
    chosen = fitting[0]
    origin = typing.get_origin(chosen)
    if origin is collections.abc.Sequence:
        for index, each in enumerate(value):
            yield from _mismatch(typing.get_args(chosen)[0], each, (*path, index))
    elif origin is collections.abc.Mapping:
        for key, each in value.items():
            yield from _mismatch(typing.get_args(chosen)[1], each, (*path, key))
    elif isinstance(chosen, type) and _types.is_input_type(chosen):
        yield from mistakes(chosen, value, path)


def _alternatives(wanted: Any) -> list[Any]:
    """Without what only Python sees: awaitables, outputs, None."""
    if typing.get_origin(wanted) is not typing.Union:
        return [wanted]
    plumbing = (collections.abc.Awaitable, pulumi.Output)
    return [
        inner
        for each in typing.get_args(wanted)
        if each is not type(None) and typing.get_origin(each) not in plumbing
        for inner in _alternatives(each)
    ]


def _fits(wanted: Any, value: Any) -> bool:
    origin = typing.get_origin(wanted)
    if origin is collections.abc.Sequence:
        return isinstance(value, list)
    if origin is collections.abc.Mapping:
        return isinstance(value, dict)
    if wanted in (int, float):
        number = isinstance(value, int if wanted is int else int | float)
        return number and not isinstance(value, bool)
    if wanted in (str, bool):
        return isinstance(value, wanted)
    if wanted is Any:
        return True
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return value in {each.value for each in wanted}
    return isinstance(wanted, type) and _types.is_input_type(wanted) and isinstance(value, dict)


def _said(value: Any) -> str:
    """The kind of value, never the value: it may be a secret."""
    kinds = {**WORDS, list: "a list", dict: "a mapping"}
    return next((word for kind, word in kinds.items() if type(value) is kind), "something else")


def _wanted(alternatives: list[Any]) -> str:
    def word(each: Any) -> str:
        origin = typing.get_origin(each)
        if origin is collections.abc.Sequence:
            return "a list"
        return WORDS.get(each, "a mapping")

    return " or ".join(dict.fromkeys(word(each) for each in alternatives))


def document_mistake(text: Any) -> str | None:
    """What keeps it from being a JSON object."""
    if not isinstance(text, str) or text == UNKNOWN:
        return None
    try:
        found = json.loads(text)
    except ValueError as error:
        position = getattr(error, "pos", 0)
        return f"is no JSON: {getattr(error, 'msg', 'not readable')} at character {position + 1}"
    return None if isinstance(found, dict) else "is no JSON object"
