"""What is patched and never owned: takeover, drift, giving back, on each of the three objects."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lab import kinds
from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.conftest import LabOf
from tests.lab.project import Project, get, kubectl

pytestmark = pytest.mark.lab

CONFIG = "configs.imageregistry.operator.openshift.io"
IMAGE = "images.config.openshift.io"
PRUNER = "imagepruners.imageregistry.operator.openshift.io"
NO_CHANGES = "--expect-no-changes"


@pytest.fixture
def project(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """lab-managed, applied; put back afterwards."""
    project = Project(tmp_path_factory.mktemp("project"), lab_of("4.15", "lab-managed"))
    project.up("--refresh", "--run-program").ok()
    yield project
    project.write(project.original())
    project.up("--refresh", "--run-program").ok("put back:")
    conditions = settle(project.lab, say)
    assert healthy(conditions), conditions


def patch(project: Project, kind: str, spec: dict[str, Any]) -> None:
    body = json.dumps({"spec": spec})
    kubectl(project.lab, "patch", kind, "cluster", "--type=merge", "-p", body)


def spec(project: Project, kind: str) -> dict[str, Any]:
    return json.loads(kubectl(project.lab, "get", kind, "cluster", "-o", "json"))["spec"]


def ours(project: Project, kind: str) -> dict[str, Any]:
    """The fields of the spec that our manager owns."""
    said = kubectl(project.lab, "get", kind, "cluster", "-o", "json", "--show-managed-fields")
    entries = json.loads(said)["metadata"]["managedFields"]
    found = [each for each in entries if each["manager"] == "openshift-registry"]
    assert [each["operation"] for each in found] == ["Apply"], found
    return found[0]["fieldsV1"].get("f:spec", {})


DRIFT = {
    CONFIG: ({"logLevel": "Trace"}, {"readOnly": True}),
    IMAGE: (
        {"externalRegistryHostnames": ["other.example.test"]},
        {"registrySources": {"insecureRegistries": ["old.example.test"]}},
    ),
    PRUNER: ({"keepTagRevisions": 99}, {"suspend": True}),
}
"""A field that is ours as somebody else would have it, and one that is theirs."""


@pytest.mark.parametrize("kind", DRIFT)
def test_drift_is_seen_by_refresh_and_mended_by_up(project: Project, kind: str) -> None:
    before = spec(project, kind)
    drifted, foreign = DRIFT[kind]
    patch(project, kind, {**drifted, **foreign})
    ran = project.preview("--refresh", "--run-program", "--diff").ok()
    assert next(iter(drifted)) in ran.output, ran
    project.refresh().ok()
    assert project.preview(NO_CHANGES).code != 0
    project.apply()
    after = spec(project, kind)
    assert {key: after[key] for key in drifted} == {key: before[key] for key in drifted}
    assert {key: after[key] for key in foreign} == foreign, "a field that isn't ours"
    project.unchanged()
    patch(project, kind, dict.fromkeys(foreign))


def test_exactly_the_wanted_fields_are_owned(project: Project) -> None:
    assert set(ours(project, IMAGE)) == {"f:additionalTrustedCA", "f:externalRegistryHostnames"}
    assert set(ours(project, PRUNER)) == {"f:keepTagRevisions"}
    assert set(ours(project, CONFIG)) == {
        f"f:{key}"
        for key in (
            "managementState",
            "replicas",
            "logLevel",
            "requests",
            "defaultRoute",
            "routes",
        )
    }


def test_a_section_left_out_gives_its_fields_back(project: Project) -> None:
    sections = project.original()
    theirs = {"registrySources": {"insecureRegistries": ["old.example.test"]}}
    patch(project, IMAGE, theirs)
    for section in ("trust", "pruning", "exposure"):
        del sections[section]
    project.write(sections)
    project.apply()
    assert spec(project, IMAGE) == theirs
    patch(project, IMAGE, {"registrySources": {"insecureRegistries": None}})
    assert not {"additionalTrustedCA", "externalRegistryHostnames"} & spec(project, IMAGE).keys()
    assert "keepTagRevisions" not in ours(project, PRUNER)
    assert not {"defaultRoute", "routes"} & spec(project, CONFIG).keys()
    project.unchanged()
    project.again()
    # What was referred to is kept: somebody may refer to it still.
    get(project.lab, kinds.ConfigMap, "corporate-registries", "openshift-config")
    assert healthy(settle(project.lab, say))


def test_role_bindings_go_with_their_section(project: Project) -> None:
    name = "openshift-registry:system:image-builder"
    kubectl(project.lab, "-n", "openshift", "get", "rolebinding", name)
    sections = project.original()
    del sections["access"]
    project.write(sections)
    project.apply()
    said = kubectl(project.lab, "get", "rolebindings", "-A", "-o", "name")
    assert name not in said


def test_takeover_of_each_object_is_told_with_its_manager(project: Project) -> None:
    sections = project.original()
    sections["pruning"]["suspend"] = False
    sections["registry"]["readOnly"] = False
    patch(project, IMAGE, {"externalRegistryHostnames": ["old.example.test"]})
    patch(project, PRUNER, {"suspend": True})
    patch(project, CONFIG, {"readOnly": True})
    project.write(sections)
    text = project.preview().ok().output
    for line in (
        "spec.externalRegistryHostnames: ['old.example.test'] -> "
        "['registry.apps.lab-managed.example.test'] (now kubectl-patch)",
        "spec.suspend: true -> false (now kubectl-patch)",
        "spec.readOnly: true -> false (now kubectl-patch)",
    ):
        assert line in text, text
    for name in ("configs/cluster", "image.config/cluster", "imagepruner/cluster"):
        assert f"{name}, fields this stack takes over" in text
    # Of image.config the engine's state says that all is well already.
    project.up().refused("image.config/cluster was changed by somebody else", "--run-program")
    project.up("--refresh", "--run-program").ok()
    assert "takes over" not in project.preview().output


def test_foreign_trust_is_refused_unless_adopted(project: Project) -> None:
    """A second map would take the first one's place, and its trust would go unnoticed."""
    data = project.original()["trust"]["additionalTrustedCA"]["create"]["certificates"]
    theirs = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "theirs", "namespace": "openshift-config"},
        "data": data,
    }
    sections = project.original()
    del sections["trust"]
    project.write(sections)
    project.apply()
    kubectl(project.lab, "apply", "-f", "-", stdin=json.dumps(theirs))
    patch(project, IMAGE, {"additionalTrustedCA": {"name": "theirs"}})
    project.write(project.original())
    before = get(project.lab, kinds.Image, "cluster")["metadata"]["resourceVersion"]
    for ran in (project.preview(), project.up()):
        ran.refused("theirs", "kubectl-patch", "adopt", "guard:trust-foreign")
    assert get(project.lab, kinds.Image, "cluster")["metadata"]["resourceVersion"] == before
    for choice in (
        {"use": {"name": "theirs"}},
        {"adopt": {"name": "theirs", "certificates": data}},
    ):
        sections = project.original()
        sections["trust"]["additionalTrustedCA"] = choice
        project.write(sections)
        project.apply()
        project.unchanged()
        assert spec(project, IMAGE)["additionalTrustedCA"] == {"name": "theirs"}
    kubectl(project.lab, "-n", "openshift-config", "delete", "configmap", "theirs")
    patch(project, IMAGE, {"additionalTrustedCA": {"name": "corporate-registries"}})


def test_an_absent_image_config_is_refused_and_not_made(project: Project) -> None:
    live = get(project.lab, kinds.Image, "cluster")
    kubectl(project.lab, "delete", IMAGE, "cluster")
    try:
        project.up().refused("the cluster has no such object", "guard:object-absent")
        assert not kubectl(project.lab, "get", IMAGE, "-o", "name")
    finally:
        kept = {"metadata": {"name": "cluster"}, "spec": live["spec"]}
        again = {"apiVersion": live["apiVersion"], "kind": live["kind"], **kept}
        kubectl(project.lab, "create", "-f", "-", stdin=json.dumps(again))
