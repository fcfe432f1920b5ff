"""Rules of a bucket's lifecycle."""

from collections.abc import Mapping
from typing import Any

from ._objects import at, text


def is_enabled(rule: Any) -> bool:
    return text(rule, "status") == "Enabled"


def is_for_all(rule: Any) -> bool:
    """Whether it holds for every object. An empty filter or prefix leaves none out."""
    return not at(rule, "prefix") and _is_empty(at(rule, "filter"))


def _is_empty(value: Any) -> bool:
    """What filters nothing: the plugin writes out every part of a filter, empty ones too."""
    if isinstance(value, Mapping):
        return all(_is_empty(each) for each in value.values())
    return value is None or value == ""
