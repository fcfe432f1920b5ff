"""What is written on the image pruner."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from settings import SettingsError, StackSettings, validate
from tests.settings.cases import changed
from tests.settings.strategies_pruning import pruning_sections, right_pruning


def judge(pruning: dict[str, Any], **changes: Any) -> StackSettings:
    version = {"cluster.version": "4.99"}
    return validate(changed({**version, **changes, "pruning": pruning}), stack="prod-1")


def spec(**pruning: Any) -> dict[str, Any]:
    accepted = judge(pruning).pruning
    assert accepted is not None
    return accepted.spec()


def test_nothing_given_is_nothing_written() -> None:
    assert judge({}).pruning.spec() == {}
    assert validate(changed({}), stack="prod-1").pruning is None


def test_the_documented_fields() -> None:
    """Red Hat, Automatically pruning images."""
    given = {
        "schedule": "0 0 * * *",
        "suspend": False,
        "keepTagRevisions": 3,
        "keepYoungerThanDuration": "60m",
        "resources": {"requests": {"cpu": "100m"}},
        "affinity": {},
        "nodeSelector": {},
        "tolerations": [],
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 3,
        "ignoreInvalidImageReferences": True,
        "logLevel": "Normal",
    }
    assert spec(**given) == given
    assert judge(given).warnings == ()


def test_nanoseconds_are_said_as_a_duration() -> None:
    """Public case R5. The operator prefers the duration, so an old field beside it is nothing."""
    assert spec(keepYoungerThan=0) == {"keepYoungerThanDuration": "0ns"}
    assert spec(keepYoungerThan=5) == {"keepYoungerThanDuration": "5ns"}
    both = {"keepYoungerThan": 5, "keepYoungerThanDuration": "60m"}
    assert spec(**both) == {"keepYoungerThanDuration": "60m"}


@pytest.mark.parametrize(
    ("state", "pruning", "says"),
    [
        ("Managed", {}, None),
        ("Removed", {}, "metadata in etcd"),
        ("Removed", {"suspend": False}, "--prune-registry=false"),
        ("Removed", {"suspend": True}, None),
        ("Unmanaged", {}, "goes on deleting"),
        ("Unmanaged", {"suspend": True}, None),
    ],
)
def test_what_the_registrys_state_means(state: str, pruning: Any, says: str | None) -> None:
    """Guide 2.1."""
    accepted = judge(pruning, **{"registry.managementState": state})
    found = [each for each in accepted.warnings if each.rule == "pruner:registry-state"]
    assert [says in each.message for each in found] == ([True] if says else [])


def test_no_section_no_word_of_it() -> None:
    accepted = validate(changed({"registry.managementState": "Removed"}), stack="prod-1")
    assert not [each for each in accepted.warnings if each.rule.startswith("pruner:")]


@settings(max_examples=150, deadline=None)
@given(right_pruning())
def test_right_ones_are_written_as_given(pruning: dict[str, Any]) -> None:
    try:
        written = spec(**pruning)
    except SettingsError as error:
        assert {each.rule for each in error.problems} <= {"pruner:schedule"}, str(error)
        return
    old = pruning.pop("keepYoungerThan", None)
    if old is not None:
        pruning.setdefault("keepYoungerThanDuration", f"{old}ns")
    assert written == pruning
    json.dumps(written)


@settings(max_examples=150, deadline=None)
@given(pruning_sections())
def test_others_are_refused_in_words(pruning: Any) -> None:
    try:
        judge(pruning)
    except SettingsError as error:
        for each in error.problems:
            assert each.message and each.fix and each.path.startswith("pruning")
