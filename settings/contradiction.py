"""A contradiction between a stack file and the live cluster, as a finding."""

from collections.abc import Mapping
from typing import Any

from settings.problems import Finding


def contradiction(path: str, value: Any, message: str, fix: str, rule: str) -> Finding:
    return Finding(tuple(path.split(".")), message, fix, f"guard:{rule}", flow(value))


def flow(value: Any) -> str:
    """A value as one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return str(value)
