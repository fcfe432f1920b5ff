"""What provisioners can't do: share one file system between nodes."""

import re
from collections.abc import Mapping

CINDER = "cinder.csi.openstack.org"
VSPHERE = "csi.vsphere.vmware.com"
NUTANIX = "csi.nutanix.com"
RBD = ".rbd.csi.ceph.com"
CEPHFS = ".cephfs.csi.ceph.com"

BLOCK = {
    CINDER: "Cinder",
    "kubernetes.io/cinder": "Cinder",
    "ebs.csi.aws.com": "EBS",
    "kubernetes.io/aws-ebs": "EBS",
    "disk.csi.azure.com": "Azure Disk",
    "kubernetes.io/azure-disk": "Azure Disk",
    "pd.csi.storage.gke.io": "Persistent Disk",
    "kubernetes.io/gce-pd": "Persistent Disk",
    "vpc.block.csi.ibm.io": "IBM's block storage",
    "topolvm.io": "a node's own disk (LVM Storage)",
}
"""Provisioner -> what its volumes are. A file system on a block device is for one node."""

CLASSES = {
    re.compile(r"ocs-.*ceph-rbd(-virtualization)?"): RBD,
    re.compile(r"standard-csi"): CINDER,
    re.compile(r"gp[23]-csi"): "ebs.csi.aws.com",
    re.compile(r"managed-csi"): "disk.csi.azure.com",
    re.compile(r"thin-csi"): VSPHERE,
    re.compile(r"lvms-.*"): "topolvm.io",
}
"""Names that OpenShift's own operators give to their classes -> provisioner."""


def named(storage_class: str) -> str:
    """The provisioner that a class of this name surely has; empty if the name does not say."""
    return next((each for name, each in CLASSES.items() if name.fullmatch(storage_class)), "")


def block_device(provisioner: str, parameters: Mapping[str, str]) -> str | None:
    """What the volumes are, if they are block devices that Kubernetes attaches to one node."""
    if provisioner.endswith(RBD) or provisioner in (RBD[1:], "kubernetes.io/rbd"):
        return "Ceph RBD"
    if provisioner == NUTANIX and parameters.get("storageType") != "NutanixFiles":
        return "Nutanix Volumes"
    return BLOCK.get(provisioner)
