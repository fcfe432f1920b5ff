"""Storage that an administrator added: its classes, and that the lab provisions for each."""

import pytest
from lightkube import Client

from lab import kinds
from lab.kinds import Object
from lab.lab import Lab
from lab.openshift.addons import ADD_ONS
from lab.platform.drivers import DRIVERS, Claim, refusal
from tests.lab.operator.live import REGISTRY, phase, settled, wait
from tests.lab.operator.objects import condition
from tests.lab.platform.labs import bound, claim, use

DEFAULT = "storageclass.kubernetes.io/is-default-class"
RBD, CEPHFS = "ocs-storagecluster-ceph-rbd", "ocs-storagecluster-cephfs"
RWO, RWX = "ReadWriteOnce", "ReadWriteMany"


def classes(add_on: str) -> dict[str, Object]:
    return {each["metadata"]["name"]: each for each in ADD_ONS[add_on].storage_classes}


def test_data_foundation_makes_no_class_the_default() -> None:
    found = classes("odf")
    assert {name: each["provisioner"] for name, each in found.items()} == {
        RBD: "openshift-storage.rbd.csi.ceph.com",
        CEPHFS: "openshift-storage.cephfs.csi.ceph.com",
        "ocs-storagecluster-ceph-rgw": "openshift-storage.ceph.rook.io/bucket",
        "openshift-storage.noobaa.io": "openshift-storage.noobaa.io/obc",
    }
    assert not [name for name, each in found.items() if DEFAULT in each["metadata"]["annotations"]]
    assert found[CEPHFS]["parameters"]["fsName"] == "ocs-storagecluster-cephfilesystem"
    secret = "csi.storage.k8s.io/node-stage-secret-name"
    assert found[RBD]["parameters"][secret] == "rook-csi-rbd-node"
    growing = {name for name, each in found.items() if each.get("allowVolumeExpansion")}
    assert growing == {RBD, CEPHFS}


def test_nutanix_volumes_are_the_default() -> None:
    (found,) = classes("nutanix-csi").values()
    assert found["metadata"]["annotations"] == {DEFAULT: "true"}
    parameters = found["parameters"]
    assert (parameters["storageType"], parameters["csi.storage.k8s.io/fstype"]) == (
        "NutanixVolumes",
        "ext4",
    )
    for purpose in ("provisioner", "node-publish", "controller-expand"):
        prefix = f"csi.storage.k8s.io/{purpose}-secret"
        assert parameters[f"{prefix}-name"] == "ntnx-secret"
        assert parameters[f"{prefix}-namespace"] == "openshift-cluster-csi-drivers"


def test_every_class_is_provisioned_for_or_is_for_buckets() -> None:
    for add_on in ADD_ONS:
        for name, found in classes(add_on).items():
            driver = found["provisioner"]
            if driver.endswith(("/bucket", "/obc")):
                assert driver not in DRIVERS, name
            else:
                asked = Claim((RWO,), "Filesystem", found["parameters"])
                assert refusal(driver, asked) is None, name


@pytest.mark.lab
@pytest.mark.parametrize(
    ("name", "mode"), [(CEPHFS, RWX), (CEPHFS, RWO), (RBD, RWO), (None, RWO)], ids=str
)
def test_a_registry_on_an_add_on(bare: Lab, name: str | None, mode: str) -> None:
    client = bare.client()
    asked = {"storageClassName": name} if name else {}
    client.create(claim("images", mode, **asked))
    bound(client, "images")
    live = client.get(kinds.PersistentVolumeClaim, "images", namespace=REGISTRY)
    assert live["spec"]["storageClassName"] == (name or "nutanix-volume")
    if mode == RWX:
        use(client, "images", replicas=2, strategy="RollingUpdate")
    else:
        use(client, "images")
    config = settled(client, "Available", "True", "Ready")
    assert condition(config, "Degraded")[0] == "False"


@pytest.mark.lab
def test_a_shared_filesystem_on_block_storage_is_refused(bare: Lab) -> None:
    client = bare.client()
    client.create(claim("shared", RWX, storageClassName=RBD))
    client.create(claim("bucket", storageClassName="openshift-storage.noobaa.io"))
    (event, *_) = wait(lambda: refusals(client, "shared"), "a refusal")
    assert "multi node access modes are only supported on rbd `block`" in event["message"]
    assert [phase(client, name) for name in ("shared", "bucket")] == ["Pending", "Pending"]


def refusals(client: Client, name: str) -> list[Object]:
    fields = {"involvedObject.name": name, "reason": "ProvisioningFailed"}
    return list(client.list(kinds.Event, namespace=REGISTRY, fields=fields))
