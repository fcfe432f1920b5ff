"""docs/reference/guide.md leaves nothing of the guide out, and names what is there."""

import ast
import re
from functools import cache
from typing import NamedTuple

import pytest

from settings.schema import ROOT
from settings.stack import StackSettings
from settings.walk import ANY, entries

PAGE = ROOT / "docs" / "reference" / "guide.md"
OUT_OF_SCOPE = "out of scope: "

ALL = """
1.1 1.2 1.3 1.3.1 1.3.1.1 1.4 1.5
2.1 2.2 2.2.1 2.3 2.4 2.5 2.6 2.7 2.8 2.9
3.1 3.1.1 3.1.2 3.1.3 3.2 3.2.1 3.2.2 3.2.3 3.3 3.3.1 3.3.2 3.3.3 3.3.4 3.4 3.4.1 3.4.2 3.4.3
3.5 3.5.1
3.6 3.6.1 3.6.2 3.6.3 3.6.3.1 3.6.3.2 3.6.3.3 3.6.3.4 3.6.3.5 3.6.4 3.6.5
3.7 3.7.1 3.7.2 3.7.3 3.7.3.1 3.7.3.2 3.7.3.3 3.7.3.4 3.7.3.5 3.7.4 3.7.5
3.8 3.8.1 3.8.2 3.8.3 3.8.4
3.9 3.9.1 3.9.2 3.9.3 3.9.3.1 3.9.3.2 3.9.3.3 3.9.3.4 3.9.3.5 3.9.4 3.9.5
4.1 4.2 4.3 4.4 4.5 4.6
5.1 5.2
"""
SECTIONS = ALL.split()
"""Every numbered section. One that only holds others is told by their rows."""

PARAMETERS = {
    "2.5": "managementState logLevel httpSecret operatorLogLevel proxy affinity storage readOnly "
    "requests defaultRoute routes rolloutStrategy replicas disableRedirect "
    "spec.storage.managementState",
    "3.1.3": "bucket region regionEndpoint virtualHostedStyle encrypt keyID cloudFront trustedCA",
    "3.2.3": "bucket region projectID keyID",
    "3.3.4": "authURL authVersion container domain domainID tenant tenantID regionName",
}
"""What a section lists in a table of its own, each with a row of its own here."""


class Row(NamedTuple):
    """One row of the table."""

    guide: str
    what: str
    settings: str
    component: str
    test: str

    @property
    def provisioned(self) -> bool:
        return not self.settings.startswith(OUT_OF_SCOPE)


def rows(text: str) -> list[Row]:
    found = [line for line in text.splitlines() if re.match(r"\| \d", line)]
    return [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in found]


ROWS = rows(PAGE.read_text())
PROVISIONED = [row for row in ROWS if row.provisioned]


def named(cell: str) -> list[str]:
    """What stands in a cell: names in backticks with commas between, and nothing else."""
    if not re.fullmatch(r"`[^`]+`(, `[^`]+`)*", cell):
        return []
    return re.findall(r"`([^`]+)`", cell)


@cache
def paths() -> set[str]:
    """Every key of a stack file, as the reference page writes it."""
    found = (".".join(map(str, entry.path)) for entry in entries(StackSettings))
    return {path.replace(f".{ANY}", "[]") for path in found}


@cache
def functions(file: str) -> set[str]:
    path = ROOT / file
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text())
    return {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}


def faults(row: Row) -> list[str]:
    """What a row says that is not so."""
    unnamed = [cell for cell in ("settings", "component", "test") if not named(getattr(row, cell))]
    wrong = [each for each in named(row.settings) if each not in paths()]
    wrong += [
        each
        for each in named(row.component)
        if not each.startswith("components/") or not (ROOT / each).is_file()
    ]
    for each in named(row.test):
        file, _, name = each.partition("::")
        if not file.startswith("tests/") or name not in functions(file):
            wrong.append(each)
    return [*(f"nothing under {cell}" for cell in unnamed), *(f"no {each}" for each in wrong)]


def told(found: list[Row]) -> set[str]:
    """The sections with a row, and those that these are in."""
    numbers = [row.guide.split(".") for row in found]
    return {".".join(each[:depth]) for each in numbers for depth in range(1, len(each) + 1)}


@pytest.mark.parametrize("row", PROVISIONED, ids=lambda row: f"{row.guide} {row.what}"[:60])
def test_what_a_row_names_is_there(row: Row) -> None:
    assert faults(row) == []


def test_every_section_of_the_guide_is_told() -> None:
    assert [each for each in SECTIONS if each not in told(ROWS)] == []


def test_there_is_no_section_that_the_guide_lacks() -> None:
    assert [row.guide for row in ROWS if row.guide not in SECTIONS] == []


@pytest.mark.parametrize("section", PARAMETERS)
def test_every_parameter_has_a_row_of_its_own(section: str) -> None:
    whats = [row.what for row in ROWS if row.guide == section]
    missing = [
        name
        for name in PARAMETERS[section].split()
        if not any(what == f"`{name}`" or what.startswith(f"`{name}`:") for what in whats)
    ]
    assert missing == []


def test_what_is_out_of_scope_says_why_and_no_more() -> None:
    rest = [row for row in ROWS if not row.provisioned]
    assert [row for row in rest if row.component or row.test] == []
    assert [row for row in rest if row.settings == OUT_OF_SCOPE.strip()] == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (Row("2.5", "x", "", "", ""), "nothing under settings"),
        (Row("2.5", "x", "soon", "later", "never"), "nothing under test"),
        (Row("2.5", "x", "`registry.nodePlacement`", "", ""), "no registry.nodePlacement"),
        (Row("2.5", "x", "", "`components/none.py`", ""), "no components/none.py"),
        (Row("2.5", "x", "", "`settings/claim.py`", ""), "no settings/claim.py"),
        (Row("2.5", "x", "", "", "`tests/docs/test_guide.py::test_x`"), "no tests/docs/test_"),
        (Row("2.5", "x", "", "", "`tests/docs/none.py::test_x`"), "no tests/docs/none.py"),
    ],
)
def test_a_row_that_is_wrong_is_found(row: Row, fault: str) -> None:
    assert any(each.startswith(fault) for each in faults(row))


def test_a_section_without_a_row_is_missed() -> None:
    assert "2.5" not in told([row for row in ROWS if row.guide != "2.5"])
    assert {"3", "3.6", "3.6.3"} <= told(rows("| 3.6.3.1 | x | y | z | w |"))
