"""Volumes that somebody made by hand, bound to a claim that names them (guide 3.6, bare metal).

The binder is Kubernetes' own; what the lab adds is where such a volume can be mounted.
"""

import time
from typing import Any

import pytest
from lightkube import Client
from lightkube.types import PatchType

from lab import kinds
from lab.kinds import Object
from lab.lab import Lab
from tests.lab.operator.live import REGISTRY, phase, settled, wait
from tests.lab.operator.objects import condition
from tests.lab.platform.labs import bound, claim, use

pytestmark = pytest.mark.lab

RWO, RWX = "ReadWriteOnce", "ReadWriteMany"
NFS = {"nfs": {"server": "nfs.example.test", "path": "/registry"}}
PORTAL = {"targetPortal": "192.0.2.20:3260", "iqn": "iqn.2024-01.test.example:registry", "lun": 0}


@pytest.fixture
def client(bare: Lab) -> Client:
    return bare.client()


def volume(name: str, mode: str, source: Object, **spec: Any) -> Any:
    return kinds.PersistentVolume(
        metadata={"name": name},
        spec={
            "accessModes": [mode],
            "capacity": {"storage": "100Gi"},
            "persistentVolumeReclaimPolicy": "Retain",
            "storageClassName": "",
            "volumeMode": "Filesystem",
            **source,
            **spec,
        },
    )


def static(name: str, mode: str = RWO, **spec: Any) -> Any:
    """The claim of the volume `name`."""
    return claim(name, mode, **{"storageClassName": "", "volumeName": name, **spec})


def on_host(name: str) -> Object:
    expression = {"key": "kubernetes.io/hostname", "operator": "In", "values": [name]}
    affinity = {"required": {"nodeSelectorTerms": [{"matchExpressions": [expression]}]}}
    return {"local": {"path": "/mnt/registry"}, "nodeAffinity": affinity}


def worker(client: Client) -> str:
    *_, last = client.list(kinds.Node, labels={"node-role.kubernetes.io/worker": ""})
    return last["metadata"]["name"]


def state(client: Client, name: str) -> str:
    return client.get(kinds.PersistentVolume, name)["status"]["phase"]


def test_a_share_carries_two_replicas(client: Client) -> None:
    client.create(volume("share", RWX, NFS))
    client.create(static("share", RWX))
    bound(client, "share")
    use(client, "share", replicas=2, strategy="RollingUpdate")
    config = settled(client, "Available", "True", "Ready")
    assert condition(config, "Degraded")[0] == "False"
    assert condition(config, "StorageExists")[:2] == ("True", "PVC Exists")
    assert config["status"]["readyReplicas"] == 2


@pytest.mark.parametrize(
    "source",
    [
        {"iscsi": PORTAL},
        {"fc": {"targetWWNs": ["50060e801049cfd1"], "lun": 0}},
        {"csi": {"driver": "csi.example.test", "volumeHandle": "vol-1"}},
    ],
    ids=lambda source: next(iter(source)),
)
def test_a_block_device_carries_one(client: Client, source: Object) -> None:
    client.create(volume("device", RWO, source))
    client.create(static("device"))
    bound(client, "device")
    use(client, "device")
    config = settled(client, "Available", "True", "Ready")
    assert config["status"]["readyReplicas"] == 1


def test_a_local_disk_is_used_where_it_is(client: Client) -> None:
    client.create(volume("disk", RWO, on_host(worker(client))))
    client.create(static("disk"))
    bound(client, "disk")
    use(client, "disk")
    settled(client, "Available", "True", "Ready")


def test_a_local_disk_of_no_worker_is_out_of_reach(client: Client) -> None:
    client.create(volume("lost", RWO, on_host("worker-of-another-cluster")))
    client.create(static("lost"))
    bound(client, "lost")
    use(client, "lost")
    settled(client, "Degraded", "True", "Unavailable")


def test_a_kept_volume_is_released_with_its_images_and_not_bound_again(client: Client) -> None:
    client.create(volume("kept", RWX, NFS))
    client.create(static("kept", RWX))
    bound(client, "kept")
    client.delete(kinds.PersistentVolumeClaim, "kept", namespace=REGISTRY)
    wait(lambda: state(client, "kept") == "Released", "the volume is released")
    client.create(static("kept", RWX))
    time.sleep(2)
    assert (state(client, "kept"), phase(client, "kept")) == ("Released", "Pending")
    # What an administrator does who knows that the images are to be used again.
    forget = {"spec": {"claimRef": None}}
    client.patch(kinds.PersistentVolume, "kept", forget, patch_type=PatchType.MERGE)
    bound(client, "kept")


def test_a_volume_of_nobodys_driver_is_never_deleted(client: Client) -> None:
    """`Delete` needs somebody who deletes: for a volume made by hand there is nobody."""
    client.create(volume("gone", RWX, NFS, persistentVolumeReclaimPolicy="Delete"))
    client.create(static("gone", RWX))
    bound(client, "gone")
    client.delete(kinds.PersistentVolumeClaim, "gone", namespace=REGISTRY)
    wait(lambda: state(client, "gone") == "Failed", "the volume has failed")


def test_a_claim_that_asks_for_another_volume_waits(client: Client) -> None:
    asked: dict[str, Object] = {
        "other-mode": {"mode": RWX},
        "larger": {"resources": {"requests": {"storage": "101Gi"}}},
        "raw": {"volumeMode": "Block"},
        "of-a-class": {"storageClassName": "ocs-storagecluster-cephfs"},
        "right": {},
    }
    for name, spec in asked.items():
        client.create(volume(name, RWO, {"iscsi": PORTAL}))
        client.create(static(name, **spec))
    bound(client, "right")
    time.sleep(2)
    assert {name for name in asked if phase(client, name) == "Pending"} == {*asked} - {"right"}
