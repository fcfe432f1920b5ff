"""One way to put a stack file wrong."""

from typing import Any, NamedTuple

GONE = object()
"""Stands for a value that is taken out."""


class Case(NamedTuple):
    """Set each path of `changes`, and the problem at `path` comes by `rule`."""

    changes: dict[str, Any]
    rule: str
    path: str
    says: str
    fix: str
