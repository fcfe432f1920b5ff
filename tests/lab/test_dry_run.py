"""What the settings accept, a real API server accepts, and what it refuses, they refuse.

Each generated `registry` section goes to the API server as a dry run, on OpenShift's CRDs
of both times; so does the Deployment that the operator would make of it. Where the settings
refuse more, the rule is one that docs/reference/refusals.md marks as ours.
"""

import json
import os
import ssl
from base64 import b64decode
from collections.abc import Callable
from http.client import HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from lab.lab import Lab
from settings import SettingsError, StackSettings, validate
from settings.rules import OURS
from settings.secret import Secret
from tests.settings.borders import REGISTRIES
from tests.settings.strategies import pod_settings, registry_settings

pytestmark = pytest.mark.lab

EXAMPLES = int(os.environ.get("OCPREG_EXAMPLES", "800"))
VERSIONS = {"4.15": "4.15", "current": "4.21"}
CONFIGS = "/apis/imageregistry.operator.openshift.io/v1/configs"
DEPLOYMENTS = "/apis/apps/v1/namespaces/openshift-image-registry/deployments"
DRY_RUN = "dryRun=All&fieldValidation=Strict&fieldManager=test"
POD_FIELDS = ("nodeSelector", "tolerations", "affinity", "topologySpreadConstraints")
ON_DEPLOYMENT = "deployment:"

many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


class Server:
    """The lab's API server, asked without changing anything."""

    def __init__(self, lab: Lab) -> None:
        kubeconfig = yaml.safe_load(lab.kubeconfig.read_text())
        cluster = kubeconfig["clusters"][0]["cluster"]
        token = kubeconfig["users"][0]["user"]["token"]
        certificate = b64decode(cluster["certificate-authority-data"]).decode()
        # Not httpx, which took longer over ten thousand requests than the server did.
        self._http = HTTPSConnection(
            urlsplit(cluster["server"]).netloc,
            context=ssl.create_default_context(cadata=certificate),
            timeout=30,
        )
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

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
        self._http.request("POST", f"{path}?{DRY_RUN}", json.dumps(body).encode(), self._headers)
        answer = self._http.getresponse()
        said = answer.read()
        assert answer.status in (201, 400, 422), said
        return None if answer.status == 201 else json.loads(said)["message"]


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
    seen = {"accepted by both": 0, "refused by both": 0, "refused here": 0}

    @many
    @given(registry_settings())
    def same(registry: dict[str, Any]) -> None:
        verdict = judge(registry, VERSIONS[release])
        refused = server.refuses_config(registry)
        if isinstance(verdict, StackSettings):
            if any(each.sealed for each in verdict.secrets.values()):
                return  # only Pulumi knows what is sent
            spec = as_json(verdict.registry.spec())
            assert refused is None
            assert server.refuses_config({"replicas": registry["replicas"], **spec}) is None
            assert server.refuses_deployment(spec) is None
            seen["accepted by both"] += 1
        elif refused is None:
            assert {problem.rule for problem in verdict.problems} <= OURS, str(verdict)
            seen["refused here"] += 1
        else:
            seen["refused by both"] += 1

    same()
    assert min(seen.values()) > EXAMPLES / 20, seen


@pytest.mark.parametrize("release", VERSIONS)
def test_same_verdict_at_the_borders(lab_of: Callable[[str], Lab], release: str) -> None:
    server = Server(lab_of(release))
    for each in REGISTRIES:
        registry = {"replicas": 1, **each}
        verdict = judge(registry, VERSIONS[release])
        config, deployment = server.refuses_config(registry), server.refuses_deployment(registry)
        if isinstance(verdict, StackSettings):
            assert (config, deployment) == (None, None), registry
            continue
        rules = {problem.rule for problem in verdict.problems}
        assert config or rules <= OURS, registry
        if all(rule.startswith(ON_DEPLOYMENT) for rule in rules):
            assert deployment, registry


@pytest.mark.parametrize("release", VERSIONS)
def test_same_verdict_on_the_deployment(lab_of: Callable[[str], Lab], release: str) -> None:
    server = Server(lab_of(release))
    seen = {"accepted by both": 0, "refused by both": 0}

    @many
    @given(pod_settings())
    def same(registry: dict[str, Any]) -> None:
        verdict = judge(registry, VERSIONS[release])
        refused = server.refuses_deployment(registry)
        if isinstance(verdict, StackSettings):
            assert refused is None
            seen["accepted by both"] += 1
        elif all(problem.rule.startswith(ON_DEPLOYMENT) for problem in verdict.problems):
            assert refused, str(verdict)
            seen["refused by both"] += 1

    same()
    assert min(seen.values()) > EXAMPLES / 20, seen
