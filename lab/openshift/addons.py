"""What an administrator has installed on a cluster since: storage that OpenShift lacks itself.

A stack file of the lab names its add-ons under the key `lab:addOns`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.kinds import Object
from lab.openshift.documents import namespace
from lab.openshift.object_bucket_crds import definitions
from lab.openshift.object_stores import CEPH, object_stores
from lab.openshift.serving import Authorities


@dataclass(frozen=True)
class AddOn:
    """An operator's namespace and the classes it, or the administrator after it, makes."""

    namespace: str
    storage_classes: Sequence[Object]
    stores_objects: bool = False
    """Whether it is OpenShift Data Foundation."""

    @property
    def definitions(self) -> list[Object]:
        """The kinds that it brings."""
        return definitions() if self.stores_objects else []

    def documents(self, platform: str, authorities: Authorities) -> list[Object]:
        stores = object_stores(platform) if self.stores_objects else ()
        missing = {CEPH.provisioner} - {each.provisioner for each in stores}
        return [
            namespace(self.namespace),
            *(each for each in self.storage_classes if each["provisioner"] not in missing),
            *(each for store in stores for each in store.documents(authorities)),
        ]


def _class(
    name: str,
    provisioner: str,
    parameters: Mapping[str, str],
    annotations: Mapping[str, str],
    expandable: bool = True,
) -> Object:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name, "annotations": dict(annotations)},
        "provisioner": provisioner,
        "parameters": dict(parameters),
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "Immediate",
        **({"allowVolumeExpansion": True} if expandable else {}),
    }


def _secrets(space: str, **secrets: str) -> dict[str, str]:
    """The driver's secrets, as its sidecars look for them: what for -> the secret's name."""
    found = {}
    for purpose, secret in secrets.items():
        prefix = f"csi.storage.k8s.io/{purpose.replace('_', '-')}-secret"
        found |= {f"{prefix}-name": secret, f"{prefix}-namespace": space}
    return found


def _described(text: str) -> dict[str, str]:
    return {"description": text}


_ODF = "openshift-storage"


def _ceph(kind: str) -> dict[str, str]:
    provisioner, node = f"rook-csi-{kind}-provisioner", f"rook-csi-{kind}-node"
    secrets = {"provisioner": provisioner, "node_stage": node, "controller_expand": provisioner}
    return {"clusterID": _ODF, **_secrets(_ODF, **secrets)}


# red-hat-storage/ocs-operator controllers/storagecluster/storageclasses.go: the block class is
# the cluster's default only if the StorageCluster asks for it, the others never are.
_DATA_FOUNDATION = AddOn(
    _ODF,
    (
        _class(
            "ocs-storagecluster-ceph-rbd",
            f"{_ODF}.rbd.csi.ceph.com",
            {
                **_ceph("rbd"),
                "pool": "ocs-storagecluster-cephblockpool",
                "imageFeatures": "layering,deep-flatten,exclusive-lock,object-map,fast-diff",
                "imageFormat": "2",
                "csi.storage.k8s.io/fstype": "ext4",
            },
            _described("Provides RWO Filesystem volumes, and RWO and RWX Block volumes"),
        ),
        _class(
            "ocs-storagecluster-cephfs",
            f"{_ODF}.cephfs.csi.ceph.com",
            {**_ceph("cephfs"), "fsName": "ocs-storagecluster-cephfilesystem"},
            _described("Provides RWO and RWX Filesystem volumes"),
        ),
        _class(
            "ocs-storagecluster-ceph-rgw",
            f"{_ODF}.ceph.rook.io/bucket",
            {
                "objectStoreName": "ocs-storagecluster-cephobjectstore",
                "objectStoreNamespace": _ODF,
                "region": "us-east-1",
            },
            _described("Provides Object Bucket Claims (OBCs)"),
            expandable=False,
        ),
        _class(
            f"{_ODF}.noobaa.io",
            f"{_ODF}.noobaa.io/obc",
            {"bucketclass": "noobaa-default-bucket-class"},
            _described("Provides Object Bucket Claims (OBCs)"),
            expandable=False,
        ),
    ),
    stores_objects=True,
)

_DRIVERS = "openshift-cluster-csi-drivers"
_NTNX = "ntnx-secret"

# Red Hat's and Nutanix's instructions: operator, secret, then this class by hand.
_NUTANIX = AddOn(
    _DRIVERS,
    (
        _class(
            "nutanix-volume",
            "csi.nutanix.com",
            {
                **_secrets(
                    _DRIVERS, provisioner=_NTNX, node_publish=_NTNX, controller_expand=_NTNX
                ),
                "csi.storage.k8s.io/fstype": "ext4",
                "storageContainer": "default-container",
                "storageType": "NutanixVolumes",
            },
            {"storageclass.kubernetes.io/is-default-class": "true"},
        ),
    ),
)

ADD_ONS: Mapping[str, AddOn] = {"odf": _DATA_FOUNDATION, "nutanix-csi": _NUTANIX}
"""Name in a stack file -> add-on."""
