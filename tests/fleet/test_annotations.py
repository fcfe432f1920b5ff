"""What a problem looks like to GitHub, whatever is in it."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.annotations import annotation
from settings import Problem

COMMAND = re.compile(r"::(error|warning) ([^:\r\n]*)::([^\r\n]*)")
PIECES = st.sampled_from(["%", "%25", "%0A", "%0D", "%3A", "%2C", "::", ",", "=", "\r", "\n", "25"])
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=6).map("".join)


def problem(**values: Any) -> Problem:
    given_values = {
        "stack": "prod-1",
        "file": "stacks/Pulumi.prod-1.yaml",
        "line": 7,
        "path": "",
        "value": "",
        "message": "is wrong",
        "fix": "mend it",
        "rule": "value",
        **values,
    }
    return Problem(**given_values)


def read(line: str) -> tuple[str, dict[str, str], str]:
    """As the runner does: actions/runner src/Runner.Common/ActionCommand.cs."""
    kind, properties, text = COMMAND.fullmatch(line).groups()  # type: ignore[union-attr]
    pairs = (each.split("=", 1) for each in properties.split(","))
    return kind, {name: _plain(value) for name, value in pairs}, _plain(text)


def _plain(text: str) -> str:
    for escape, character in (("0D", "\r"), ("0A", "\n"), ("3A", ":"), ("2C", ","), ("25", "%")):
        text = text.replace(f"%{escape}", character)
    return text


@given(TEXTS, TEXTS.filter(bool), TEXTS, TEXTS)
def test_whatever_is_in_it(stack: str, file: str, message: str, fix: str) -> None:
    line = annotation(problem(stack=stack, file=file, message=message, fix=fix), {})
    kind, properties, text = read(line)
    assert kind == "error"
    assert properties == {"file": file, "line": "7", "title": f"{stack}: value"}
    assert text == f"{message}\nfix: {fix}"


def test_without_a_line_and_without_a_file() -> None:
    assert annotation(problem(line=None, severity="warning"), {}) == (
        "::warning file=stacks/Pulumi.prod-1.yaml,title=prod-1%3A value::is wrong%0Afix: mend it"
    )
    assert "line=" not in annotation(problem(file=None), {})


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("Pulumi.a.yaml", "infra/stacks/Pulumi.a.yaml"),
        ("../stacks/Pulumi.a.yaml", "infra/stacks/Pulumi.a.yaml"),
        ("/elsewhere/Pulumi.a.yaml", "/elsewhere/Pulumi.a.yaml"),
    ],
)
def test_files_are_named_from_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, shown: str
) -> None:
    (tmp_path / "infra" / "stacks").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "infra" / "stacks")
    environment = {"GITHUB_WORKSPACE": str(tmp_path)}
    assert read(annotation(problem(file=file), environment))[1]["file"] == shown
