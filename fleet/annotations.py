"""Problems as GitHub's workflow commands, which a pull request shows at their lines.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions; how values are
escaped: actions/toolkit packages/core/src/command.ts.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from settings import Problem

IN_TEXT = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
IN_PROPERTY = (*IN_TEXT, (":", "%3A"), (",", "%2C"))
WORKSPACE = "GITHUB_WORKSPACE"


def annotation(problem: Problem, environment: Mapping[str, str] = os.environ) -> str:
    """One line: `::error file=...,line=...,title=...::message`."""
    values = {
        "file": _in_repository(problem.file, environment) if problem.file else None,
        "line": str(problem.line) if problem.file and problem.line else None,
        "title": f"{problem.stack}: {problem.rule}",
    }
    properties = ",".join(
        f"{name}={_escaped(value, IN_PROPERTY)}" for name, value in values.items() if value
    )
    text = f"{problem.subject}{problem.message}\nfix: {problem.fix}"
    return f"::{problem.severity} {properties}::{_escaped(text, IN_TEXT)}"


def _in_repository(file: str, environment: Mapping[str, str]) -> str:
    """As GitHub knows it, also where the command runs in another folder than the repository's."""
    root, place = environment.get(WORKSPACE), Path(os.path.abspath(file))  # noqa: PTH100
    inside = bool(root) and place.is_relative_to(root)
    return place.relative_to(root).as_posix() if inside else file


def _escaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for character, escape in escapes:
        text = text.replace(character, escape)
    return text
