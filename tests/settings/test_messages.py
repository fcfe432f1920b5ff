"""Every message, where it points, and what it tells to write instead."""

from pathlib import Path

import pytest

from settings import check_file
from settings.rules import RULES
from tests.settings.cases import (
    CASES,
    FILE_RULES,
    GOOD,
    Case,
    changed,
    problems,
    write,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.path}"[:80])
def test_message(tmp_path: Path, case: Case) -> None:
    found = problems(tmp_path, changed(case.changes))
    # A doubt beside an error is another case's matter.
    found = [each for each in found if each.severity == "error" or RULES[case.rule].warning]
    assert [(each.rule, each.path) for each in found] == [(case.rule, case.path)], found
    (problem,) = found
    assert case.says in problem.message
    assert case.fix in problem.fix
    assert problem.stack == "prod-1"
    assert problem.line
    assert (problem.severity == "warning") == RULES[problem.rule].warning


def test_every_rule_is_shown() -> None:
    # Those across files are shown in tests/fleet.
    offline = {name for name in RULES if not name.startswith(("guard:", "fleet:"))}
    assert {case.rule for case in CASES} | FILE_RULES == offline


def test_the_right_file_is_right(tmp_path: Path) -> None:
    settings, found = check_file(write(tmp_path, GOOD))
    assert settings is not None
    assert found == []


def test_as_text(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, changed({"storage.claim.create.size": "10GB"}))
    assert str(problem) == (
        f'{tmp_path}/Pulumi.prod-1.yaml:17 (stack prod-1): storage.claim.create.size = "10GB": '
        "is not a Kubernetes quantity\n"
        "    fix: write a number and a unit, e.g. 100Gi, 256Mi, 500m or 2 [quantity]"
    )
