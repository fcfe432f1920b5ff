"""What the API server takes no change of: refused before it says so, or adopted as it is."""

import json
from typing import Any

import pytest

from tests.certificates import CHAIN, LEAF, NOTES, ROOT
from tests.lab.project import Project, kubectl
from tests.settings.cases_exposure import public, routes
from tests.settings.cases_trust import trust

pytestmark = pytest.mark.lab

REGISTRYS, CONFIGS = "openshift-image-registry", "openshift-config"
TEXT = f"{NOTES}{ROOT.pem}{NOTES}"
HOST = "registry.example.com"


@pytest.fixture(autouse=True)
def as_found(project: Project) -> Any:
    yield
    gone = ("--ignore-not-found",)
    kubectl(project.lab, "delete", "secret", "theirs", "-n", REGISTRYS, *gone)
    patch = '{"spec": {"additionalTrustedCA": null}}'
    kubectl(project.lab, "patch", "images.config", "cluster", "--type", "merge", "-p", patch)
    kubectl(project.lab, "delete", "configmap", "theirs", "-n", CONFIGS, *gone)


def put(project: Project, kind: str, namespace: str, **content: Any) -> None:
    metadata = {"name": "theirs", "namespace": namespace}
    theirs = {"apiVersion": "v1", "kind": kind, "metadata": metadata, "immutable": True, **content}
    kubectl(project.lab, "apply", "-f", "-", stdin=json.dumps(theirs))


def adopt(project: Project, text: str) -> None:
    given = {"name": "theirs", "certificates": {HOST: text}}
    project.write({**project.original(), **trust(adopt=given)})


def test_a_map_is_adopted_with_the_text_that_it_has(project: Project) -> None:
    put(project, "ConfigMap", CONFIGS, data={HOST: TEXT})
    adopt(project, ROOT.pem)
    project.preview().refused("the live map is immutable", "[guard:immutable]")
    adopt(project, TEXT)
    project.apply()
    project.unchanged()
    found = json.loads(kubectl(project.lab, "get", "configmap", "theirs", "-n", CONFIGS, "-ojson"))
    assert (found["data"], found["immutable"]) == ({HOST: TEXT}, True)


def test_a_secret_can_only_be_used(project: Project) -> None:
    texts = {"tls.crt": NOTES + CHAIN, "tls.key": LEAF.key}
    put(project, "Secret", REGISTRYS, type="kubernetes.io/tls", stringData=texts)
    project.write({**project.original(), **routes(public({"use": {"name": "theirs"}}))})
    project.preview().ok()
    given = {"name": "theirs", **texts, "tls.key": {"secure": "v1:x"}}
    project.write({**project.original(), **routes(public({"adopt": given}))})
    path = 'openshift-registry:exposure.routes[0].certificate.adopt["tls.key"]'
    arguments = ("--secret", "--path", path, "--stack", project.stack, "--", LEAF.key)
    project.pulumi("config", "set", *arguments).ok()
    project.preview().refused("the live secret is immutable", "[guard:immutable]")
