"""The example stack files, and the lab's, are right."""

import re

import pytest
import yaml
from jsonschema import Draft202012Validator

from settings import check_file
from settings.certificates import certificates
from settings.schema import ROOT, schema

EXAMPLES = sorted((ROOT / "docs" / "examples").glob("Pulumi.*.yaml"))
LABS = sorted((ROOT / "stacks").glob("Pulumi.lab-*.yaml"))

EMPTY_DIR = {"storage:empty-dir"}
WARNINGS = {
    # Said of every emptyDir, which a development cluster may have all the same.
    "Pulumi.dev-emptydir.yaml": EMPTY_DIR,
    "Pulumi.lab-emptydir.yaml": EMPTY_DIR,
}
"""File -> rules of the warnings that are meant to be there."""

WITHOUT_A_LAB = {"aws-sts", "gcs-wif", "s3-existing-bucket"}
"""Examples for what no stack of the lab shows: a cluster set up for STS or for workload identity,
keys of somebody else."""


@pytest.fixture(scope="module")
def editor() -> Draft202012Validator:
    return Draft202012Validator(schema())


@pytest.mark.parametrize("path", [*EXAMPLES, *LABS], ids=lambda path: path.name)
def test_a_stack_file_is_right(editor: Draft202012Validator, path) -> None:
    found, problems = check_file(path)
    assert found is not None, [str(each) for each in problems]
    assert [each.severity for each in problems] == ["warning"] * len(problems)
    assert {each.rule for each in problems} == WARNINGS.get(path.name, set())
    editor.validate(yaml.safe_load(path.read_text()))


def test_there_is_an_example_for_each_lab() -> None:
    kinds = {path.name.removeprefix("Pulumi.lab-").removesuffix(".yaml") for path in LABS}
    assert kinds
    examples = {path.name.split("-", 1)[1].removesuffix(".yaml") for path in EXAMPLES}
    assert examples == kinds | WITHOUT_A_LAB


def test_examples_are_for_the_platform_of_their_lab() -> None:
    for lab in LABS:
        kind = lab.name.removeprefix("Pulumi.lab-")
        (example,) = (path for path in EXAMPLES if path.name.endswith(f"-{kind}"))
        one, other = (check_file(path)[0] for path in (lab, example))
        assert one is not None and other is not None
        if kind != "managed.yaml":  # left alone wherever it is
            assert one.cluster.platform == other.cluster.platform
        assert getattr(one.storage, "kind", None) == getattr(other.storage, "kind", None)
        assert getattr(one.storage, "preset", None) == getattr(other.storage, "preset", None)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_no_key_is_in_an_example_and_its_certificates_last(path) -> None:
    text = path.read_text()
    assert "PRIVATE KEY" not in text
    for block in re.findall(r"-----BEGIN[^-]+-----.*?-----END[^-]+-----", text, re.DOTALL):
        pem = "\n".join(line.strip() for line in block.splitlines())
        (found,) = certificates(pem)
        assert found.not_after.year > 2050
