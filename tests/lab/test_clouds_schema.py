"""What storage in Google Cloud, Azure and Swift writes is what OpenShift's CRD takes."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from lab import build
from lab.openshift.crds import files, read
from settings import SettingsError, validate
from tests.settings.cases import GOOD
from tests.settings.strategies_clouds import CLOUD_KINDS, cloud_storage

pytestmark = pytest.mark.lab

VERSIONS = {"4.15": "4.15", "current": "4.21"}


def strict(node: Any) -> Any:
    """An unknown key is pruned by the API server, and wrong here."""
    if isinstance(node, list):
        return [strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    inner = {key: strict(each) for key, each in node.items()}
    known = isinstance(node.get("properties"), dict) and node.get("type") == "object"
    return {**inner, "additionalProperties": False} if known else inner


@pytest.fixture(scope="module", params=VERSIONS)
def judge(request: pytest.FixtureRequest) -> tuple[str, Draft202012Validator]:
    release = request.param
    config = read(files(build.crds(release), release))[0]
    assert config["spec"]["names"]["kind"] == "Config"
    schema = config["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    storage = schema["properties"]["spec"]["properties"]["storage"]
    return VERSIONS[release], Draft202012Validator(strict(storage))


def test_what_is_accepted_the_crd_takes(judge: tuple[str, Draft202012Validator]) -> None:
    version, crd = judge
    seen = dict.fromkeys(CLOUD_KINDS, 0)

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    @given(section=cloud_storage())
    def every(section: dict[str, Any]) -> None:
        cluster = {**GOOD["cluster"], "version": version}
        try:
            found = validate({"cluster": cluster, "storage": section}, stack="prod-1")
        except SettingsError:
            return
        seen[found.storage.kind] += 1
        crd.validate({"managementState": "Unmanaged", **found.storage.backend})

    every()
    assert min(seen.values()) > 10, seen


def test_the_crd_refuses(judge: tuple[str, Draft202012Validator]) -> None:
    """Else the test above would say little."""
    assert not judge[1].is_valid({"gcs": {"project": "x"}})
    assert not judge[1].is_valid({"managementState": "Removed"})
