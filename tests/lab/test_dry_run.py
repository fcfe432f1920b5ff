"""What the settings accept, a real API server accepts, and what it refuses, they refuse.

Each generated `registry` section goes to the API server as a dry run, on OpenShift's CRDs
of both times. Where the settings refuse more, the rule is one that
docs/reference/refusals.md lists as ours.
"""

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from lab.lab import Lab
from settings import SettingsError, StackSettings, validate
from settings.rules import OURS
from settings.secret import Secret
from tests.settings.strategies import registry_settings

pytestmark = pytest.mark.lab

EXAMPLES = int(os.environ.get("OCPREG_EXAMPLES", "1500"))
VERSIONS = {"4.15": "4.15", "current": "4.21"}
CONFIGS = "/apis/imageregistry.operator.openshift.io/v1/configs"
DEPLOYMENTS = "/apis/apps/v1/namespaces/openshift-image-registry/deployments"
DRY_RUN = {"dryRun": "All", "fieldValidation": "Strict", "fieldManager": "test"}
POD_FIELDS = ("nodeSelector", "tolerations", "affinity", "topologySpreadConstraints")
ON_DEPLOYMENT = ("deployment:",)


class Server:
    """The lab's API server, asked without changing anything."""

    def __init__(self, lab: Lab) -> None:
        self.http = lab.client()._client._client

    def refuses_config(self, spec: dict[str, Any]) -> str | None:
        """What it says against a configs.imageregistry.operator.openshift.io, None if nothing."""
        return self._refuses(
            CONFIGS,
            {
                "apiVersion": "imageregistry.operator.openshift.io/v1",
                "kind": "Config",
                "metadata": {"name": "dry-run"},
                "spec": spec,
            },
        )

    def refuses_deployment(self, spec: dict[str, Any]) -> str | None:
        """What it says against the Deployment that the operator would make of `spec`."""
        labels = {"docker-registry": "default"}
        container = {"name": "registry", "image": "registry"}
        if "resources" in spec:
            container["resources"] = spec["resources"]
        pod = {"containers": [container], **{key: spec[key] for key in POD_FIELDS if key in spec}}
        return self._refuses(
            DEPLOYMENTS,
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": "dry-run"},
                "spec": {
                    "selector": {"matchLabels": labels},
                    "template": {"metadata": {"labels": labels}, "spec": pod},
                },
            },
        )

    def _refuses(self, path: str, body: dict[str, Any]) -> str | None:
        answer = self.http.post(path, params=DRY_RUN, content=json.dumps(body))
        assert answer.status_code in (201, 400, 422), answer.text
        return None if answer.status_code == 201 else answer.json()["message"]


def judge(registry: dict[str, Any], version: str) -> StackSettings | SettingsError:
    cluster = {
        "name": "dry-run",
        "version": version,
        "environment": "development",
        "infrastructureName": "dry-run-x7k2p",
    }
    try:
        return validate({"cluster": cluster, "registry": registry}, stack="dry-run")
    except SettingsError as error:
        return error


def as_json(value: Any) -> Any:
    """As the component sends it."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    return [as_json(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("release", VERSIONS)
def test_same_verdict(lab_of: Callable[[str], Lab], release: str) -> None:
    server = Server(lab_of(release))
    seen = {"accepted": 0, "refused by both": 0, "refused here": 0, "refused as Deployment": 0}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(registry_settings())
    def same(registry: dict[str, Any]) -> None:
        verdict = judge(registry, VERSIONS[release])
        refused = server.refuses_config(registry)
        if isinstance(verdict, StackSettings):
            spec = as_json(verdict.registry.spec())
            assert refused is None
            assert server.refuses_config({"replicas": registry["replicas"], **spec}) is None
            assert server.refuses_deployment(spec) is None
            seen["accepted"] += 1
        elif refused is None:
            rules = {problem.rule for problem in verdict.problems}
            assert rules <= OURS, str(verdict)
            seen["refused here"] += 1
            if all(rule.startswith(ON_DEPLOYMENT) for rule in rules):
                assert server.refuses_deployment(registry), str(verdict)
                seen["refused as Deployment"] += 1
        else:
            seen["refused by both"] += 1

    same()
    assert min(seen.values()) > 0, seen
