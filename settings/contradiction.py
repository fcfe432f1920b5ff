"""A contradiction between a stack file and the live cluster, as a finding."""

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from settings.problems import Finding, Path


def contradiction(path: str | Path, value: Any, message: str, fix: str, rule: str) -> Finding:
    """`path` as text with dots between plain keys; as a tuple where it leads through a list or a
    key with dots of its own."""
    where = tuple(path.split(".")) if isinstance(path, str) else path
    return Finding(where, message, fix, f"guard:{rule}", flow(value))


def flow(value: Any) -> str:
    """A value as one line of YAML, quoted where YAML would read something else."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if not isinstance(value, str):
        return str(value)
    plain = re.fullmatch(r"[\w./@:-]+", value) and yaml.safe_load(value) == value
    return value if plain else json.dumps(value)
