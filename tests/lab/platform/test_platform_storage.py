"""Which volumes are made, grown and deleted, and how drivers refuse."""

import pytest

from lab.platform.drivers import Claim, refusal
from lab.platform.scheduler import fitting, to_select
from lab.platform.volumes import event, to_delete, to_grow, to_provision, volume

CINDER = "cinder.csi.openstack.org"
VSPHERE = "csi.vsphere.vmware.com"
RBD = "openshift-storage.rbd.csi.ceph.com"
CEPHFS = "openshift-storage.cephfs.csi.ceph.com"
NUTANIX = "csi.nutanix.com"
RWO, RWX, ROX = "ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany"


def storage_class(provisioner: str = CINDER, **fields) -> dict:
    return {"metadata": {"name": "fast"}, "provisioner": provisioner, **fields}


def claim(provisioner: str | None = CINDER, node: str | None = None, **spec) -> dict:
    annotations = {}
    if provisioner:
        annotations["volume.kubernetes.io/storage-provisioner"] = provisioner
    if node:
        annotations["volume.kubernetes.io/selected-node"] = node
    metadata = {"namespace": "ns", "name": "images", "uid": "u1", "resourceVersion": "7"}
    return {
        "metadata": {**metadata, "annotations": annotations},
        "spec": {
            "accessModes": [RWO],
            "resources": {"requests": {"storage": "100Gi"}},
            "storageClassName": "fast",
            **spec,
        },
    }


@pytest.mark.parametrize(
    ("provisioner", "mode", "volume_mode"),
    [
        (CINDER, RWO, "Filesystem"),
        (VSPHERE, RWO, "Filesystem"),
        (RBD, RWO, "Filesystem"),
        (RBD, RWX, "Block"),
        (CEPHFS, RWX, "Filesystem"),
        (NUTANIX, RWO, "Filesystem"),
    ],
)
def test_what_drivers_can_do(provisioner: str, mode: str, volume_mode: str) -> None:
    assert refusal(provisioner, Claim((mode,), volume_mode)) is None


@pytest.mark.parametrize(
    ("provisioner", "mode", "volume_mode", "words"),
    [
        (CINDER, RWX, "Filesystem", "desc = volume access mode MULTI_NODE_MULTI_WRITER not supp"),
        (CINDER, ROX, "Filesystem", "volume access mode MULTI_NODE_READER_ONLY not supported"),
        (VSPHERE, RWX, "Filesystem", "code = Unimplemented desc = file volume feature is disabled"),
        (RBD, RWX, "Filesystem", "multi node access modes are only supported on rbd `block` type"),
        (CEPHFS, RWX, "Block", "block"),
        (NUTANIX, RWX, "Filesystem", "MULTI_NODE_MULTI_WRITER"),
    ],
)
def test_what_they_refuse(provisioner: str, mode: str, volume_mode: str, words: str) -> None:
    said = refusal(provisioner, Claim((RWO, mode), volume_mode))
    assert said is not None and said.startswith("rpc error: code = ") and words in said


def test_nutanix_files_are_shared() -> None:
    files = Claim((RWX,), "Filesystem", {"storageType": "NutanixFiles"})
    assert refusal(NUTANIX, files) is None


def test_a_volume_is_what_claim_and_class_say() -> None:
    made = volume(
        claim(volumeMode="Filesystem"),
        storage_class(
            reclaimPolicy="Retain", parameters={"availability": "az2"}, mountOptions=["noatime"]
        ),
    )
    assert isinstance(made, dict)
    assert made["metadata"]["name"] == "pvc-u1"
    spec = made["spec"]
    assert spec["claimRef"]["uid"] == "u1"
    assert spec["capacity"] == {"storage": "100Gi"}
    assert spec["accessModes"] == [RWO]
    assert spec["persistentVolumeReclaimPolicy"] == "Retain"
    assert spec["mountOptions"] == ["noatime"]
    assert spec["csi"]["driver"] == CINDER
    assert spec["csi"]["volumeAttributes"] == {"availability": "az2"}


def test_a_refusal_names_the_class_and_is_told_once() -> None:
    said = volume(claim(provisioner=RBD, accessModes=[RWX]), storage_class(RBD))
    assert isinstance(said, str)
    assert said.startswith('failed to provision volume with StorageClass "fast": rpc error')
    first, again = (event(claim(), RBD, said, time) for time in ("t1", "t2"))
    assert first["metadata"]["name"] == again["metadata"]["name"]
    assert (first["type"], first["reason"]) == ("Warning", "ProvisioningFailed")


def names(pairs) -> list[str]:
    return [each[0]["metadata"]["name"] for each in pairs]


@pytest.mark.parametrize(
    ("claimed", "found", "present"),
    [
        (claim(provisioner=None), storage_class(), {}),
        (claim(volumeName="pv"), storage_class(), {}),
        (claim(), storage_class(), {"pvc-u1": {}}),
        (claim("kubernetes.io/no-provisioner"), storage_class("kubernetes.io/no-provisioner"), {}),
        (claim("example.test/other"), storage_class("example.test/other"), {}),
        (claim(storageClassName="none"), storage_class(), {}),
    ],
)
def test_not_its_turn(claimed: dict, found: dict, present: dict) -> None:
    assert names(to_provision([claimed], {"fast": found}, present)) == []


def test_its_turn() -> None:
    assert names(to_provision([claim()], {"fast": storage_class()}, {})) == ["images"]


def consumer(namespace: str = "ns", replicas: int = 1, **pod) -> dict:
    volumes = [{"name": "v", "persistentVolumeClaim": {"claimName": "images"}}]
    spec = {"containers": [], "volumes": volumes, **pod}
    return {
        "metadata": {"namespace": namespace, "name": "d"},
        "spec": {"replicas": replicas, "template": {"spec": spec}},
    }


def node(name: str, taint: str | None = None, **labels: str) -> dict:
    taints = [{"key": taint, "effect": "NoSchedule"}] if taint else []
    return {"metadata": {"name": name, "labels": labels}, "spec": {"taints": taints}}


NODES = [node("m", taint="master"), node("w1", zone="a"), node("w2", zone="b")]
WAITING = storage_class(volumeBindingMode="WaitForFirstConsumer")


def test_the_first_consumer_selects_a_node() -> None:
    assert to_select([claim(None)], {"fast": WAITING}, [consumer()], NODES) == [(claim(None), "w1")]


@pytest.mark.parametrize(
    ("claimed", "found", "deployments"),
    [
        (claim(None), WAITING, []),
        (claim(None), WAITING, [consumer("elsewhere")]),
        (claim(None), WAITING, [consumer(replicas=0)]),
        (claim(None), WAITING, [consumer(nodeSelector={"zone": "c"})]),
        (claim(None, node="w2"), WAITING, [consumer()]),
        (claim(None), storage_class(), [consumer()]),
    ],
)
def test_nobody_selects_a_node(claimed: dict, found: dict, deployments: list) -> None:
    assert to_select([claimed], {"fast": found}, deployments, NODES) == []


def test_the_classes_topology_decides() -> None:
    terms = [{"matchLabelExpressions": [{"key": "zone", "values": ["b"]}]}]
    found = {**WAITING, "allowedTopologies": terms}
    assert to_select([claim(None)], {"fast": found}, [consumer()], NODES)[0][1] == "w2"


@pytest.mark.parametrize(
    ("pod", "names"),
    [
        ({}, ["w1", "w2"]),
        ({"nodeSelector": {"zone": "b"}}, ["w2"]),
        ({"tolerations": [{"operator": "Exists"}]}, ["m", "w1", "w2"]),
        ({"tolerations": [{"key": "master", "operator": "Exists"}]}, ["m", "w1", "w2"]),
        ({"tolerations": [{"key": "other", "operator": "Exists"}]}, ["w1", "w2"]),
        ({"tolerations": [{"key": "master", "effect": "NoExecute"}]}, ["w1", "w2"]),
    ],
)
def test_nodes_that_fit(pod: dict, names: list[str]) -> None:
    assert [each["metadata"]["name"] for each in fitting(pod, NODES)] == names


def test_only_our_released_volumes_with_delete_are_deleted() -> None:
    def released(policy: str = "Delete", phase: str = "Released", by: str = CINDER) -> dict:
        return {
            "metadata": {"name": "pv", "annotations": {"pv.kubernetes.io/provisioned-by": by}},
            "spec": {"persistentVolumeReclaimPolicy": policy},
            "status": {"phase": phase},
        }

    assert len(to_delete([released()])) == 1
    kept = [released("Retain"), released(phase="Bound"), released(by="example.test/other")]
    assert to_delete(kept) == []


@pytest.mark.parametrize(
    ("wanted", "present", "expandable", "grown"),
    [
        ("200Gi", "100Gi", True, True),
        ("200Gi", "100Gi", False, False),
        ("100Gi", "100Gi", True, False),
        ("102400Mi", "100Gi", True, False),
        ("1Ti", "100Gi", True, True),
    ],
)
def test_claims_grow_where_the_class_allows(wanted, present, expandable, grown) -> None:
    bound = claim(volumeName="pv", resources={"requests": {"storage": wanted}})
    bound["status"] = {"phase": "Bound", "capacity": {"storage": present}}
    classes = {"fast": storage_class(allowVolumeExpansion=expandable)}
    assert to_grow([bound], classes) == ([(bound, wanted)] if grown else [])
