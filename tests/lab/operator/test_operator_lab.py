"""Operator and platform on a real API server, with the real binder and garbage collector."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from lightkube import Client
from lightkube.types import PatchType

from lab import kinds
from lab.lab import Lab
from tests.lab.operator.live import REGISTRY, gone, patch, phase, published, settled, wait
from tests.lab.operator.objects import condition
from tests.lab.project import reset

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module", autouse=True)
def as_found(lab: Lab) -> Iterator[None]:
    yield
    reset(lab)


@pytest.fixture
def client(lab: Lab) -> Client:
    reset(lab)
    return lab.client()


def claim(name: str, *modes: str, storage_class: str = "standard-csi") -> Any:
    return kinds.PersistentVolumeClaim(
        metadata={"name": name, "namespace": REGISTRY},
        spec={
            "accessModes": list(modes),
            "resources": {"requests": {"storage": "1Gi"}},
            "storageClassName": storage_class,
        },
    )


def internal_host(client: Client) -> str | None:
    """What image.config publishes, a moment after configs/cluster tells of the registry."""
    return client.get(kinds.Image, "cluster").get("status", {}).get("internalRegistryHostname")


def test_a_fresh_registry_is_up_on_the_platforms_claim(client: Client) -> None:
    config = settled(client, "Available", "True", "Ready")
    assert config["spec"]["storage"] == {
        "pvc": {"claim": "image-registry-storage"},
        "managementState": "Unmanaged",
    }
    assert len(bytes.fromhex(config["spec"]["httpSecret"])) == 64
    assert phase(client, "image-registry-storage") == "Bound"
    published(client, "Available", "True", "Ready")
    operator = client.get(kinds.ClusterOperator, "image-registry")
    assert operator["status"]["versions"][0]["version"].startswith("4.15.")
    wait(lambda: internal_host(client) == f"image-registry.{REGISTRY}.svc:5000", "it is published")
    managers = {
        (each["manager"], each["operation"], each.get("subresource", ""))
        for each in client.get(kinds.Config, "cluster")["metadata"]["managedFields"]
    }
    assert managers == {
        ("cluster-image-registry-operator", "Update", ""),
        ("cluster-image-registry-operator", "Update", "status"),
    }


def test_switching_to_another_claim_is_quick(client: Client) -> None:
    settled(client, "Available", "True", "Ready")
    client.create(claim("other", "ReadWriteOnce"))
    began = time.monotonic()
    patch(client, {"storage": {"pvc": {"claim": "other"}}})
    wait(lambda: phase(client, "other") == "Bound", "the claim is bound")
    settled(client, "Progressing", "False", "Ready")
    spent = time.monotonic() - began
    # Well under two seconds on an idle machine; the margin is for a busy one.
    assert spent < 8, f"{spent:.1f} s"
    # Nobody deletes the old one: it is not the operator's.
    assert phase(client, "image-registry-storage") == "Bound"


def test_two_backends_leave_the_old_registry_running(client: Client) -> None:
    settled(client, "Available", "True", "Ready")
    patch(client, {"storage": {"emptyDir": {}}})
    config = settled(client, "Progressing", "True", "Error")
    assert "got 2: [EmptyDir PVC]" in condition(config, "Progressing")[2]
    assert condition(config, "Available")[1] == "Ready"
    patch(client, {"storage": {"pvc": None}})
    config = settled(client, "Available", "True", "Ready")
    assert config["status"]["storage"]["emptyDir"] == {}


def test_a_spec_that_can_never_work_is_degraded(client: Client) -> None:
    settled(client, "Available", "True", "Ready")
    patch(client, {"replicas": -1})
    settled(client, "Degraded", "True", "VerificationFailed")
    patch(client, {"replicas": 1})
    settled(client, "Degraded", "False", "")


def test_a_claim_that_comes_later_is_taken_then(client: Client) -> None:
    patch(client, {"storage": {"pvc": {"claim": "late"}}})
    config = settled(client, "StorageExists", "False", "PVC Issues Found")
    assert 'persistentvolumeclaims "late" not found' in condition(config, "StorageExists")[2]
    client.create(claim("late", "ReadWriteOnce"))
    settled(client, "StorageExists", "True", "PVC Exists")
    wait(lambda: phase(client, "late") == "Bound", "the claim is bound")


def test_removed_deletes_a_managed_claim_and_its_volume(client: Client) -> None:
    settled(client, "Available", "True", "Ready")
    volume = client.get(kinds.PersistentVolumeClaim, "image-registry-storage", namespace=REGISTRY)[
        "spec"
    ]["volumeName"]
    patch(client, {"storage": {"managementState": "Managed"}})
    settled(client, "Available", "True", "Ready")
    patch(client, {"managementState": "Removed"})
    config = settled(client, "Progressing", "False", "Removed")
    assert condition(config, "Available")[:2] == ("True", "Removed")
    assert condition(config, "Removed")[0] == "True"
    assert config["status"]["storage"] == {}
    assert gone(client, kinds.Deployment, "image-registry")
    wait(lambda: gone(client, kinds.Service, "image-registry"), "the service is gone")
    name = "image-registry-storage"
    wait(lambda: gone(client, kinds.PersistentVolumeClaim, name), "the claim is gone")
    volumes = lambda: {each["metadata"]["name"] for each in client.list(kinds.PersistentVolume)}  # noqa: E731
    wait(lambda: volume not in volumes(), "the volume is gone")
    wait(lambda: internal_host(client) is None, "its name is taken back")


def test_removed_keeps_an_unmanaged_claim(client: Client) -> None:
    settled(client, "Available", "True", "Ready")
    patch(client, {"managementState": "Removed"})
    settled(client, "Progressing", "False", "Removed")
    assert phase(client, "image-registry-storage") == "Bound"
    patch(client, {"managementState": "Managed"})
    settled(client, "Available", "True", "Ready")


def test_unmanaged_is_left_alone(client: Client) -> None:
    settled(client, "Available", "True", "Ready")
    patch(client, {"managementState": "Unmanaged", "replicas": 3})
    settled(client, "Available", "True", "Unmanaged")
    live = client.get(kinds.Deployment, "image-registry", namespace=REGISTRY)
    assert live["spec"]["replicas"] == 1


def test_a_deleted_configuration_is_finalized_and_made_anew(client: Client) -> None:
    before = settled(client, "Available", "True", "Ready")
    client.delete(kinds.Config, "cluster")

    def renewed() -> bool:
        live = client.get(kinds.Config, "cluster")
        return live["metadata"]["uid"] != before["metadata"]["uid"]

    wait(renewed, "a new configs/cluster")
    after = settled(client, "Available", "True", "Ready")
    assert after["spec"]["httpSecret"] != before["spec"]["httpSecret"]


def test_a_shared_claim_of_cinder_stays_pending_with_the_drivers_reason(client: Client) -> None:
    client.create(claim("shared", "ReadWriteMany"))
    patch(client, {"storage": {"pvc": {"claim": "shared"}}})
    fields = {"involvedObject.name": "shared", "reason": "ProvisioningFailed"}
    (event, *_) = wait(
        lambda: list(client.list(kinds.Event, namespace=REGISTRY, fields=fields)), "an event"
    )
    assert "volume access mode MULTI_NODE_MULTI_WRITER not supported" in event["message"]
    assert phase(client, "shared") == "Pending"
    settled(client, "Degraded", "True", "Unavailable")


def test_two_replicas_never_come_up_on_a_volume_for_one_node(client: Client) -> None:
    settled(client, "Available", "True", "Ready")
    patch(client, {"replicas": 2})
    config = settled(client, "Available", "True", "MinimumAvailability")
    assert condition(config, "Progressing")[1] == "DeploymentNotCompleted"
    assert config["status"]["readyReplicas"] == 1


def test_a_claim_grows_and_a_kept_volume_stays(client: Client) -> None:
    settled(client, "Available", "True", "Ready")
    name = "image-registry-storage"
    bigger = {"spec": {"resources": {"requests": {"storage": "200Gi"}}}}
    client.patch(
        kinds.PersistentVolumeClaim, name, bigger, namespace=REGISTRY, patch_type=PatchType.MERGE
    )

    def grown() -> bool:
        live = client.get(kinds.PersistentVolumeClaim, name, namespace=REGISTRY)
        return live["status"]["capacity"]["storage"] == "200Gi"

    wait(grown, "the claim has grown")
    volume = client.get(kinds.PersistentVolumeClaim, name, namespace=REGISTRY)["spec"]["volumeName"]
    retain = {"spec": {"persistentVolumeReclaimPolicy": "Retain"}}
    client.patch(kinds.PersistentVolume, volume, retain, patch_type=PatchType.MERGE)
    patch(client, {"managementState": "Removed", "storage": {"managementState": "Managed"}})
    settled(client, "Progressing", "False", "Removed")
    wait(lambda: gone(client, kinds.PersistentVolumeClaim, name), "the claim is gone")

    def released() -> bool:
        return client.get(kinds.PersistentVolume, volume)["status"]["phase"] == "Released"

    wait(released, "the volume is released")


def test_routes_are_exposed_and_told(client: Client) -> None:
    settled(client, "Available", "True", "Ready")
    patch(client, {"defaultRoute": True, "routes": [{"name": "public", "hostname": "r.test"}]})

    def hosts() -> list[str] | None:
        status = client.get(kinds.Image, "cluster").get("status") or {}
        found = status.get("externalRegistryHostnames") or []
        return found if len(found) == 2 else None

    default, own = wait(hosts, "both hosts in image.config")
    assert default.startswith("default-route-openshift-image-registry.apps.")
    assert own == "r.test"
    patch(client, {"defaultRoute": False, "routes": None})
    wait(lambda: not list(client.list(kinds.Route, namespace=REGISTRY)), "no routes")


def test_the_operator_comes_to_rest(client: Client) -> None:
    """No write may answer a write of its own for ever."""
    settled(client, "Available", "True", "Ready")
    time.sleep(1)
    before = client.get(kinds.Config, "cluster")["metadata"]["resourceVersion"]
    deployment = client.get(kinds.Deployment, "image-registry", namespace=REGISTRY)
    time.sleep(2)
    assert client.get(kinds.Config, "cluster")["metadata"]["resourceVersion"] == before
    later = client.get(kinds.Deployment, "image-registry", namespace=REGISTRY)
    assert later["metadata"]["resourceVersion"] == deployment["metadata"]["resourceVersion"]
