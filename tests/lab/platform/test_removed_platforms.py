"""Platforms without storage of their own: the registry is removed until somebody says where to."""

import time

import pytest

from lab import kinds
from lab.lab import Lab
from tests.lab.operator.live import REGISTRY, patch, phase, published, settled
from tests.lab.operator.objects import condition
from tests.lab.platform.labs import bound, claim, use

pytestmark = pytest.mark.lab


def test_removed_is_healthy(vsphere: Lab) -> None:
    client = vsphere.client()
    config = settled(client, "Removed", "True", "Removed")
    assert config["spec"]["managementState"] == "Removed"
    assert config["spec"]["storage"] == {}
    assert condition(config, "Available")[:2] == ("True", "Removed")
    assert condition(config, "Degraded")[:2] == ("False", "Removed")
    for kind, status in (("Available", "True"), ("Progressing", "False"), ("Degraded", "False")):
        published(client, kind, status, "Removed")


def test_removed_is_at_rest(vsphere: Lab) -> None:
    """Registry and pruner make some of the same objects: one must not undo what the other does."""
    client = vsphere.client()
    settled(client, "Removed", "True", "Removed")

    def versions() -> list[str]:
        return [
            client.get(kind, name, **place)["metadata"]["resourceVersion"]
            for kind, name, place in (
                (kinds.Config, "cluster", {}),
                (kinds.ImagePruner, "cluster", {}),
                (kinds.ClusterOperator, "image-registry", {}),
                (kinds.ConfigMap, "serviceca", {"namespace": REGISTRY}),
                (kinds.CronJob, "image-pruner", {"namespace": REGISTRY}),
            )
        ]

    time.sleep(1)
    before = versions()
    time.sleep(2)
    assert versions() == before


def test_the_default_class_of_vsphere_carries_a_registry(vsphere: Lab) -> None:
    """thin-csi waits for the first consumer: nothing is bound before the registry is there."""
    client = vsphere.client()
    client.create(claim("images"))
    live = client.get(kinds.PersistentVolumeClaim, "images", namespace=REGISTRY)
    assert live["spec"]["storageClassName"] == "thin-csi"
    assert phase(client, "images") == "Pending"
    use(client, "images")
    bound(client, "images")
    settled(client, "Available", "True", "Ready")


def test_managed_without_storage_is_degraded(bare: Lab) -> None:
    client = bare.client()
    patch(client, {"managementState": "Managed", "storage": None})
    settled(client, "Degraded", "True", "StorageNotConfigured")


def test_an_empty_dir_carries_a_registry(bare: Lab) -> None:
    client = bare.client()
    storage = {"managementState": "Unmanaged", "emptyDir": {}}
    patch(client, {"managementState": "Managed", "replicas": 1, "storage": storage})
    config = settled(client, "Available", "True", "Ready")
    assert condition(config, "Degraded")[0] == "False"
    assert config["status"]["readyReplicas"] == 1
