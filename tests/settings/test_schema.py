"""The generated files are fresh, and editors and the settings agree."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from settings import SettingsError, check_file, validate
from settings.schema import ROOT, pages, schema
from settings.stack import StackSettings
from settings.walk import entries
from tests.settings.cases import GOOD, changed
from tests.settings.strategies_stack import stack_files

EXAMPLES = sorted((ROOT / "docs" / "examples").glob("Pulumi.*.yaml"))
STACKS = sorted((ROOT / "stacks").glob("Pulumi.*.yaml"))


@pytest.fixture(scope="module")
def editor() -> Draft202012Validator:
    built = schema()
    Draft202012Validator.check_schema(built)
    return Draft202012Validator(built)


def document(config: dict[str, Any]) -> dict[str, Any]:
    return {"config": {f"openshift-registry:{name}": each for name, each in config.items()}}


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_generated_file_is_fresh(path: Path) -> None:
    """If not: python -m settings.schema"""
    assert path.read_text() == pages()[path]


@pytest.mark.parametrize("path", [*EXAMPLES, *STACKS], ids=lambda path: path.name)
def test_files_of_the_project_are_right(editor: Draft202012Validator, path: Path) -> None:
    found, problems = check_file(path)
    meant = {"storage:empty-dir"} if "emptydir" in path.name else set()
    assert {each.rule for each in problems} == meant
    assert found is not None
    editor.validate(yaml.safe_load(path.read_text()))


def test_there_are_examples() -> None:
    assert EXAMPLES and STACKS


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(whole=stack_files())
def test_editors_take_what_the_settings_take(
    editor: Draft202012Validator, whole: dict[str, Any]
) -> None:
    config = whole.get("config")
    prefix = "openshift-registry:"
    if not isinstance(config, dict) or not all(":" in name for name in config):
        return
    sections = {name[len(prefix) :]: config[name] for name in config if name.startswith(prefix)}
    try:
        validate(sections, stack="prod-1", encrypted=())
    except SettingsError:
        return
    editor.validate({"config": config})


@pytest.mark.parametrize(
    "changes",
    [
        {"cluster.nmae": "x"},
        {"cluster.version": 4.15},
        {"cluster.kubeconfig": "clusters: []"},
        {"registry.replicas": "2"},
        {"registry.logLevel": "info"},
        {"registry.nodeSelector": None},
        {"storage.kind": "s3"},
        {"storage.claim": {}},
        {"storage.claim.use": {"name": "x"}},
        {"storage.claim.create": {"name": "registry"}},
        {"storage.replaces": {"pvc": {"claim": "x"}, "emptyDir": {}}},
        {"trust": {}},
    ],
    ids=str,
)
def test_editors_refuse(editor: Draft202012Validator, changes: dict[str, Any]) -> None:
    assert editor.is_valid(document(GOOD))
    assert not editor.is_valid(document(changed(changes)))


def test_editors_know_that_a_preset_fills_in(editor: Draft202012Validator) -> None:
    assert editor.is_valid(document(changed({"storage": {"kind": "claim", "preset": "cinder"}})))
    assert not editor.is_valid(document(changed({"storage": {"kind": "claim"}})))


def test_every_required_key_has_an_example() -> None:
    """Messages show it, and it stands in for the missing key while the rest is judged."""
    kind = ("storage", "kind")  # without it nothing of the storage is judged
    for entry in entries(StackSettings):
        if entry.field.is_required() and entry.path != kind:
            assert entry.field.examples, entry.path


def test_every_key_has_a_meaning() -> None:
    for entry in entries(StackSettings):
        assert entry.field.description, entry.path
