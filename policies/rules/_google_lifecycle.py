"""Rules of a bucket's lifecycle, as Google has them."""

from collections.abc import Mapping
from typing import Any

from ._objects import at, mapping, text

# By each of these a rule is about versions that were overwritten or deleted, and nothing else. The
# plugin does not send a zero.
NONCURRENT = ("numNewerVersions", "daysSinceNoncurrentTime", "noncurrentTimeBefore")


def action(rule: Any) -> str | None:
    return text(rule, "action", "type")


def is_noncurrent(rule: Any) -> bool:
    """Whether it leaves every live object alone."""
    if text(rule, "condition", "withState") == "ARCHIVED":
        return True
    return any(at(rule, "condition", key) for key in NONCURRENT)


def conditions(rule: Any) -> set[str]:
    """Those that narrow it: the plugin writes out every condition, empty ones too."""
    found: Mapping[str, Any] = mapping(rule, "condition")
    return {key for key in found if _narrows(key, found.get(key))}


def _narrows(key: str, value: Any) -> bool:
    if key.startswith("send") or (key == "withState" and value == "ANY"):
        return False
    return bool(value)
