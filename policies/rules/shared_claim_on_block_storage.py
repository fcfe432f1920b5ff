from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import (
    CLAIM,
    STORAGE_CLASS,
    VOLUME,
    access_modes,
    at,
    is_registry_claim,
    kubernetes,
    text,
)
from ._volumes import registry_volumes

# Each serves a block device and puts a file system on it that one node can use at a time.
BLOCK_PROVISIONERS = (
    "rbd.csi.ceph.com",
    "kubernetes.io/rbd",
    "cinder.csi.openstack.org",
    "kubernetes.io/cinder",
    "ebs.csi.aws.com",
    "kubernetes.io/aws-ebs",
    "pd.csi.storage.gke.io",
    "kubernetes.io/gce-pd",
    "disk.csi.azure.com",
    "kubernetes.io/azure-disk",
    "vpc.block.csi.ibm.io",
)
# How a static volume names a block device; a driver is named in csi.
BLOCK_SOURCES = ("iscsi", "fc")


@stack_rule(
    title="A ReadWriteMany claim is not on block storage",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=kubernetes("PersistentVolumeClaim spec.accessModes"),
    types=(CLAIM, STORAGE_CLASS, VOLUME),
    why=(
        "Ceph RBD, Cinder, the clouds' disks, iSCSI and Fibre Channel share a volume between nodes "
        "as a raw block device only. A ReadWriteMany file system on them stays Pending, or is made "
        "and then damaged by two nodes that each mount it as their own."
    ),
    source=(
        "hobby-kube/guide issue 88; kubernetes/cloud-provider-openstack issue 1367; "
        "openshift/installer issue 4425"
    ),
    remedy=(
        "Use a class that shares a file system (CephFS, NFS, Manila, EFS, Azure Files), "
        "or ReadWriteOnce with one replica and Recreate."
    ),
    settings={
        "blockStorageClasses": {
            "type": "array",
            "items": {"type": "string"},
            "default": [
                "gp2-csi",
                "gp3-csi",
                "managed-csi",
                "ocs-external-storagecluster-ceph-rbd",
                "ocs-storagecluster-ceph-rbd",
                "ocs-storagecluster-ceph-rbd-virtualization",
                "standard-csi",
            ],
            "description": "Classes of block storage that the stack uses without making them",
        }
    },
)
def shared_claim_on_block_storage(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    made = {
        text(each.props, "metadata", "name"): _serves_block(text(each.props, "provisioner"))
        for each in resources
        if each.resource_type == STORAGE_CLASS
    }
    for claim in resources:
        if claim.resource_type != CLAIM or not is_registry_claim(claim):
            continue
        if "ReadWriteMany" not in access_modes(claim):
            continue
        name = text(claim.props, "spec", "storageClassName")
        if made.get(name, name in settings["blockStorageClasses"]):
            yield claim, "the claim is ReadWriteMany and its class serves block storage"
    for volume in registry_volumes(resources):
        if "ReadWriteMany" in access_modes(volume) and _is_block(volume):
            yield volume, "the volume is ReadWriteMany and on block storage"


def _is_block(volume: Resource) -> bool:
    return any(at(volume.props, "spec", each) is not None for each in BLOCK_SOURCES) or (
        _serves_block(text(volume.props, "spec", "csi", "driver"))
    )


def _serves_block(provisioner: str | None) -> bool:
    # A Ceph driver's name is prefixed with the namespace of the operator that runs it.
    return provisioner in BLOCK_PROVISIONERS or str(provisioner).endswith(".rbd.csi.ceph.com")
