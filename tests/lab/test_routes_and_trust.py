"""Routes with their certificates, and trust: made, changed, adopted, and nowhere to be read."""

import base64
import json
from typing import Any

import pytest

from tests.certificates import CHAIN, HOST, LEAF, MIDDLE, ROOT
from tests.lab.project import Project, config, kubectl

pytestmark = pytest.mark.lab

REGISTRYS, CONFIGS = "openshift-image-registry", "openshift-config"
KEY_PATH = 'openshift-registry:exposure.routes[0].certificate.{mode}["tls.key"]'


@pytest.fixture(autouse=True)
def as_found(project: Project) -> Any:
    yield
    gone = ("--ignore-not-found",)
    kubectl(project.lab, "delete", "secret", "public-route-tls", "-n", REGISTRYS, *gone)
    for name in ("openshift-registry-trusted-ca", "theirs"):
        kubectl(project.lab, "delete", "configmap", name, "-n", CONFIGS, *gone)
    patch = '{"spec": {"additionalTrustedCA": null, "externalRegistryHostnames": null}}'
    image = "images.config.openshift.io"
    kubectl(project.lab, "patch", image, "cluster", "--type", "merge", "-p", patch)


def write(project: Project, mode: str, **secret: str) -> dict[str, Any]:
    sections = project.original()
    keys = {"name": "public-route-tls", "tls.crt": CHAIN, **secret}
    route = {"name": "public", "hostname": HOST, "certificate": {mode: keys}}
    sections["exposure"] = {"routes": [route], "externalRegistryHostnames": [HOST]}
    certificates = {"registry.example.com..5000": ROOT.pem}
    sections["trust"] = {"additionalTrustedCA": {"create": {"certificates": certificates}}}
    project.write(sections)
    path = KEY_PATH.format(mode=mode)
    arguments = ("--secret", "--path", path, "--stack", project.stack, "--", LEAF.key)
    project.pulumi("config", "set", *arguments).ok()
    assert body() not in project.file.read_text()
    return sections


def body() -> str:
    return LEAF.key.splitlines()[1]


def live(project: Project, kind: str, name: str, *namespace: str) -> dict[str, Any]:
    place = ("-n", *namespace) if namespace else ()
    return json.loads(kubectl(project.lab, "get", kind, name, *place, "-o", "json"))


def data(project: Project) -> dict[str, str]:
    found = live(project, "secret", "public-route-tls", REGISTRYS)
    return {key: base64.b64decode(text).decode() for key, text in found["data"].items()}


def test_a_route_with_its_certificate_and_trust(project: Project) -> None:
    write(project, "create", **{"tls.cacrt": MIDDLE.pem})
    said = [project.preview("--diff").ok().output, project.up("--diff").ok().output]
    assert data(project) == {"tls.crt": CHAIN, "tls.key": LEAF.key, "tls.cacrt": MIDDLE.pem}
    assert config(project.lab)["spec"]["routes"] == [
        {"name": "public", "hostname": HOST, "secretName": "public-route-tls"}
    ]
    assert live(project, "images.config.openshift.io", "cluster")["spec"] == {
        "additionalTrustedCA": {"name": "openshift-registry-trusted-ca"},
        "externalRegistryHostnames": [HOST],
    }
    made = live(project, "configmap", "openshift-registry-trusted-ca", CONFIGS)
    assert made["data"] == {"registry.example.com..5000": ROOT.pem}
    project.unchanged()
    # A key that is not wanted any more goes.
    write(project, "create")
    said.append(project.up("--diff").ok().output)
    assert set(data(project)) == {"tls.crt", "tls.key"}
    project.unchanged()
    said += [project.down().output, project.raw_state()]
    assert set(data(project)) == {"tls.crt", "tls.key"}, "it is retained"
    encoded = base64.b64encode(LEAF.key.encode()).decode()
    assert not [text for text in said if body() in text or encoded in text or encoded[:60] in text]


def test_a_secret_is_adopted_with_what_others_have_put_on_it(project: Project) -> None:
    theirs = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "public-route-tls",
            "namespace": REGISTRYS,
            "labels": {"team": "one"},
        },
        "type": "Opaque",
        "stringData": {"tls.crt": ROOT.pem, "tls.key": ROOT.key, "ca.crt": ROOT.pem},
    }
    kubectl(project.lab, "apply", "-f", "-", stdin=json.dumps(theirs))
    write(project, "create")
    project.preview().refused("it exists already", "`adopt`", "[guard:exists]")
    write(project, "adopt")
    project.preview().ok()
    project.apply()
    assert data(project) == {"tls.crt": CHAIN, "tls.key": LEAF.key, "ca.crt": ROOT.pem}
    adopted = live(project, "secret", "public-route-tls", REGISTRYS)
    assert adopted["type"] == "Opaque"
    assert adopted["metadata"]["labels"]["team"] == "one"
    project.unchanged()
    assert body() not in project.raw_state()


def test_trust_of_somebody_else_is_refused_unless_named(project: Project) -> None:
    certificates = {"registry.example.com..5000": ROOT.pem, "other.example.com": ROOT.pem}
    theirs = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "theirs", "namespace": CONFIGS, "labels": {"team": "one"}},
        "data": certificates,
    }
    kubectl(project.lab, "apply", "-f", "-", stdin=json.dumps(theirs))
    patch = '{"spec": {"additionalTrustedCA": {"name": "theirs"}}}'
    image = "images.config.openshift.io"
    kubectl(project.lab, "patch", image, "cluster", "--type", "merge", "-p", patch)
    sections = project.original()
    some = {"registry.example.com..5000": ROOT.pem}
    sections["trust"] = {"additionalTrustedCA": {"create": {"certificates": some}}}
    project.write(sections)
    project.preview().refused("theirs now, set by kubectl", "use: {name: theirs}", "trust-foreign")
    sections["trust"] = {"additionalTrustedCA": {"adopt": {"name": "theirs", "certificates": some}}}
    project.write(sections)
    project.preview().refused('any more: "other.example.com"', "[guard:trust-lost]")
    adopt = {"name": "theirs", "certificates": certificates}
    sections["trust"] = {"additionalTrustedCA": {"adopt": adopt}}
    project.write(sections)
    project.apply()
    project.unchanged()
    # Once it is ours, a key can be taken out.
    adopt["certificates"] = some
    project.write(sections)
    project.apply()
    adopted = live(project, "configmap", "theirs", CONFIGS)
    assert adopted["data"] == some
    assert adopted["metadata"]["labels"]["team"] == "one"
