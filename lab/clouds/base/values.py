"""Property values as plain Python, and back with the secrets still secret.

On the wire a number is a float, an unknown is a string that stands for it, and a secret is
wrapped. A plugin that accepts secrets has to wrap again whatever it gives back.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.rpc import UNKNOWN

Path = tuple[str | int, ...]
Inputs = dict[str, Any]

__all__ = ["UNKNOWN", "Inputs", "Secrets", "has_unknown", "plain", "plain_map", "show"]


def plain(value: PropertyValue) -> Any:
    inner = value.value
    if isinstance(inner, Mapping):
        return {key: plain(each) for key, each in inner.items()}
    if isinstance(inner, list | tuple):
        return [plain(each) for each in inner]
    if isinstance(inner, float) and inner.is_integer():
        return int(inner)
    return inner


def plain_map(values: Mapping[str, PropertyValue]) -> Inputs:
    """Without what has no value: it is as good as not there."""
    return {key: plain(each) for key, each in values.items() if each.value is not None}


def has_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(has_unknown(each) for each in value.values())
    if isinstance(value, list):
        return any(has_unknown(each) for each in value)
    return value == UNKNOWN


class Secrets:
    """Where secrets were, and what they said: either is enough to be one again."""

    def __init__(self, *maps: Mapping[str, PropertyValue]) -> None:
        found = [each for values in maps for each in _secret(values)]
        self._paths = {path for path, _ in found}
        # Short words would make secrets of half the state, and hide nothing.
        self._texts = {text for _, value in found for text in _texts(value) if len(text) > 3}

    def wrap(self, values: Mapping[str, Any], always: frozenset[str]) -> dict[str, PropertyValue]:
        return {
            key: self._wrap(value, (key,)).with_secret(True)
            if key in always and value is not None
            else self._wrap(value, (key,))
            for key, value in values.items()
        }

    def hide(self, text: str) -> str:
        """An error message may quote what it was given."""
        for each in self._texts:
            text = text.replace(each, "[secret]")
        return text

    def _wrap(self, value: Any, path: Path) -> PropertyValue:
        if isinstance(value, dict):
            made = PropertyValue({k: self._wrap(each, (*path, k)) for k, each in value.items()})
        elif isinstance(value, list):
            made = PropertyValue([self._wrap(each, (*path, i)) for i, each in enumerate(value)])
        elif isinstance(value, int) and not isinstance(value, bool):
            made = PropertyValue(float(value))
        else:
            made = PropertyValue(value)
        known = isinstance(value, str) and any(each in value for each in self._texts)
        return made.with_secret(True) if path in self._paths or known else made


def _secret(values: Mapping[str, PropertyValue]) -> Iterator[tuple[Path, Any]]:
    def walk(value: PropertyValue, path: Path) -> Iterator[tuple[Path, Any]]:
        if value.is_secret:
            yield path, plain(value)
        elif isinstance(value.value, Mapping):
            for key, each in value.value.items():
                yield from walk(each, (*path, key))
        elif isinstance(value.value, list | tuple):
            for index, each in enumerate(value.value):
                yield from walk(each, (*path, index))

    for key, each in values.items():
        yield from walk(each, (key,))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str) and value != UNKNOWN:
        yield value


def show(path: Path) -> str:
    """A path as the engine writes it: `rules[0].filter.prefix`."""
    text = ""
    for each in path:
        text += f"[{each}]" if isinstance(each, int) else f".{each}" if text else each
    return text
