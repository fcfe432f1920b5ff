"""What happens to a stack when somebody else acts at the same time, or undoes what it has made."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lab import kinds
from lab.lab import Lab, say
from lab.verify import healthy, settle
from tests.lab.conftest import LabOf
from tests.lab.project import Project, config, get, kubectl, storage

pytestmark = pytest.mark.lab

NAMESPACE = "openshift-image-registry"
CONFIG = "configs.imageregistry.operator.openshift.io"
CLAIM = "csi-pvc-imageregistry"
NO_CHANGES = "--expect-no-changes"
MEND = ("--refresh", "--run-program")


def test_an_empty_claim_is_not_made_under_the_name_of_the_live_one(project: Project) -> None:
    """The registry has been given the claim by hand, its volume holds images, and the claim is
    gone: a new one would be empty, and nobody would notice."""
    wanted = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": CLAIM, "namespace": NAMESPACE},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "standard-csi",
            "resources": {"requests": {"storage": "100Gi"}},
        },
    }
    kubectl(project.lab, "apply", "-f", "-", stdin=json.dumps(wanted))
    patch(project.lab, {"storage": {"pvc": {"claim": CLAIM}}})
    settle(project.lab, say)
    kubectl(project.lab, "-n", NAMESPACE, "delete", "pvc", CLAIM)
    for mode in ("create", "adopt", "use"):
        sections = project.original()
        if mode == "use":
            sections["storage"] = {"kind": "claim", "claim": {"use": {"name": CLAIM}}}
            sections["registry"] = {"replicas": 1, "rolloutStrategy": "Recreate"}
        else:
            sections["storage"]["claim"] = {mode: {"size": "100Gi"}}
        project.write(sections)
        project.up().refused("guard:claim-gone", "would be empty")
    assert not kubectl(project.lab, "-n", NAMESPACE, "get", "pvc", CLAIM, "--ignore-not-found")


def test_the_storage_can_leave_a_claim_of_the_operators(project: Project) -> None:
    """The operator had set spec.storage.pvc; owning its key without a field, it would keep it."""
    project.apply()
    settle(project.lab, say)
    resources = project.state()["deployment"]["resources"]
    (urn,) = [each["urn"] for each in resources if each["type"].endswith(":PersistentVolumeClaim")]
    project.pulumi("state", "unprotect", urn, "--yes", "--stack", project.stack).ok()
    sections = project.original()
    sections["storage"] = {"kind": "emptyDir", "replaces": {"pvc": {"claim": CLAIM}}}
    project.write(sections)
    ran = project.preview().ok()
    assert "images are not moved" in ran.output and "state unprotect" in ran.output
    project.apply()
    assert storage(project.lab) == {"managementState": "Unmanaged", "emptyDir": {}}
    assert healthy(settle(project.lab, say))
    kubectl(project.lab, "-n", NAMESPACE, "get", "pvc", CLAIM)
    project.unchanged()


def test_a_switch_gets_through_while_somebody_else_writes(project: Project) -> None:
    with writing(project.lab) as wrote:
        project.apply()
        assert wrote[0] > 5, "nobody else wrote"
    entries = config(project.lab)["metadata"]["managedFields"]
    ours = [each["operation"] for each in entries if each["manager"] == "openshift-registry"]
    assert ours == ["Apply"]
    project.unchanged()


@pytest.fixture
def managed(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    project = Project(tmp_path_factory.mktemp("project"), lab_of("4.15", "lab-managed"))
    project.up(*MEND).ok()
    yield project
    project.up(*MEND).ok("put back:")
    assert healthy(settle(project.lab, say))


@pytest.mark.parametrize(
    ("kind", "name", "namespace"),
    [
        ("configmap", "corporate-registries", "openshift-config"),
        ("rolebinding", "openshift-registry:system:image-builder", "openshift"),
    ],
)
def test_what_was_deleted_by_hand_is_named_and_made_again(
    managed: Project, kind: str, name: str, namespace: str
) -> None:
    """The engine looks at its state only: it would say unchanged, and end well."""
    kubectl(managed.lab, "-n", namespace, "delete", kind, name)
    managed.up().refused("deleted by somebody else", name, "--refresh --run-program")
    managed.up(*MEND).ok()
    kubectl(managed.lab, "-n", namespace, "get", kind, name)
    managed.up(NO_CHANGES).ok()


def test_a_second_stack_of_a_cluster_is_refused(managed: Project) -> None:
    """Both are one owner to the API server: each run would undo the other's."""
    before = config(managed.lab)["metadata"]["resourceVersion"]
    sections = managed.original()
    sections["cluster"]["name"] = "another"
    managed.write(sections)
    managed.up().refused("guard:other-stack", "the stack of another name, lab-managed")
    assert config(managed.lab)["metadata"]["resourceVersion"] == before
    managed.write(managed.original())


def test_what_is_given_back_is_told(managed: Project) -> None:
    sections = managed.original()
    del sections["exposure"]
    managed.write(sections)
    text = managed.preview().ok().output
    assert "spec.defaultRoute: true -> (given back)" in text
    assert "spec.externalRegistryHostnames:" in text
    managed.write(managed.original())


def test_a_claim_on_a_static_volume_comes_back_with_its_data(
    lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Claim deleted, volume Released: as the messages say, step by step."""
    project = Project(tmp_path_factory.mktemp("project"), lab_of("4.15", "lab-baremetal-pvc"))
    project.apply()
    settle(project.lab, say)
    kubectl(project.lab, "-n", NAMESPACE, "delete", "pvc", "registry-storage-pvc")
    ran = project.up()
    ran.refused("guard:volume-released", "the images are still on it", "--refresh --run-program")
    removed = '[{"op":"remove","path":"/spec/claimRef/uid"}]'
    assert removed in ran.output
    kubectl(project.lab, "patch", "pv", "registry-nfs", "--type=json", "-p", removed)
    project.up().refused("deleted by somebody else", "registry-storage-pvc")
    project.up(*MEND).ok()
    assert healthy(settle(project.lab, say))
    claim = get(project.lab, kinds.PersistentVolumeClaim, "registry-storage-pvc", NAMESPACE)
    assert claim["status"]["phase"] == "Bound"
    project.up(NO_CHANGES).ok()


def patch(lab: Lab, spec: dict[str, Any]) -> None:
    body = json.dumps({"spec": spec})
    kubectl(lab, "patch", CONFIG, "cluster", "--type=merge", "-p", body)


@contextmanager
def writing(lab: Lab) -> Iterator[list[int]]:
    """Somebody who annotates configs/cluster fifty times a second; how often so far."""
    from lightkube.generic_resource import create_global_resource
    from lightkube.types import PatchType

    kind = create_global_resource("imageregistry.operator.openshift.io", "v1", "Config", "configs")
    client, wrote, stop = lab.client(), [0], threading.Event()

    def write() -> None:
        while not stop.wait(0.02):
            annotation = {"metadata": {"annotations": {"count": str(wrote[0])}}}
            client.patch(kind, "cluster", annotation, patch_type=PatchType.MERGE)
            wrote[0] += 1

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        yield wrote
    finally:
        stop.set()
        writer.join()
        time.sleep(0.1)
