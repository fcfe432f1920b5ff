"""The settings of the stack that Pulumi runs, and their line numbers in its file."""

import json
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import get_config_env, get_config_secret_keys_env, get_root_directory

from settings import StackSettings, read_stack_file, validate
from settings.problems import Place

STACKS = "stacks"
"""`stackConfigDir` of Pulumi.yaml."""


def stack_settings() -> tuple[StackSettings, Place]:
    """This stack's configuration, validated, and where it is written.

    Raises `SettingsError` with every problem.

    The values are Pulumi's, secrets decrypted; the file is only asked for line numbers,
    and isn't missed when there is none (`--config-file`).
    """
    stack, prefix = pulumi.get_stack(), f"{pulumi.get_project()}:"
    sections: dict[str, Any] = {}
    for key, text in get_config_env().items():
        if key.startswith(prefix):
            sections[key.removeprefix(prefix)] = _value(text)
    encrypted = {
        key.removeprefix(prefix) for key in get_config_secret_keys_env() if key.startswith(prefix)
    }
    place = _place(stack)
    return validate(
        sections, stack=stack, file=place.file, line_of=place.line_of, encrypted=encrypted
    ), place


def _place(stack: str) -> Place:
    path = Path(get_root_directory() or ".") / STACKS / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        return Place(stack)
    shown = str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
    return Place(stack, shown, read_stack_file(path).line_of)


def _value(text: str) -> Any:
    """Pulumi hands structured values over as JSON and plain ones as text."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
