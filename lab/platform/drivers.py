"""What each CSI driver can provision, and how it refuses the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lab.kinds import Object

CSI_MODES = {
    "ReadWriteOnce": "SINGLE_NODE_WRITER",
    "ReadWriteOncePod": "SINGLE_NODE_SINGLE_WRITER",
    "ReadOnlyMany": "MULTI_NODE_READER_ONLY",
    "ReadWriteMany": "MULTI_NODE_MULTI_WRITER",
}
"""Kubernetes access mode -> the CSI specification's."""

ONE_NODE = frozenset({"ReadWriteOnce", "ReadWriteOncePod"})
ALL = frozenset(CSI_MODES)


@dataclass(frozen=True)
class Driver:
    """Access modes per volume mode; a mode that is missing here is refused with `refusal`."""

    modes: Mapping[str, frozenset[str]]
    refusal: str
    """The driver's own words; `{mode}` is the CSI mode."""
    code: str = "InvalidArgument"
    shared_parameter: tuple[str, str] | None = None
    """A class parameter and value that make the driver's volumes file shares (all modes)."""


_BLOCK_ONLY_ONE_NODE = {"Filesystem": ONE_NODE, "Block": ONE_NODE}

DRIVERS: Mapping[str, Driver] = {
    # kubernetes/cloud-provider-openstack #1367, #2729. Older drivers made such a volume, and
    # the second attachment failed.
    "cinder.csi.openstack.org": Driver(
        _BLOCK_ONLY_ONE_NODE, "volume access mode {mode} not supported"
    ),
    # kubernetes-sigs/vsphere-csi-driver pkg/csi/service/vanilla: shared volumes are vSAN file
    # shares, which this vSphere has not.
    "csi.vsphere.vmware.com": Driver(
        _BLOCK_ONLY_ONE_NODE, "file volume feature is disabled on the cluster", "Unimplemented"
    ),
    # kubernetes-sigs/aws-ebs-csi-driver pkg/driver/controller.go: a volume is attached to one
    # node; the multi-attach that io2 block volumes can have is not played.
    "ebs.csi.aws.com": Driver(
        _BLOCK_ONLY_ONE_NODE,
        "Volume capabilities {mode} not supported. Only AccessModes[ReadWriteOnce] supported.",
    ),
    # ceph/ceph-csi internal/rbd/controllerserver.go
    "openshift-storage.rbd.csi.ceph.com": Driver(
        {"Filesystem": ONE_NODE | {"ReadOnlyMany"}, "Block": ALL},
        "multi node access modes are only supported on rbd `block` type volumes",
    ),
    "openshift-storage.cephfs.csi.ceph.com": Driver(
        {"Filesystem": ALL}, "cephfs: block volume mode is not supported"
    ),
    # The message is the lab's own; Nutanix Files needs a class that asks for it.
    "csi.nutanix.com": Driver(
        _BLOCK_ONLY_ONE_NODE,
        "access mode {mode} is not supported by Nutanix Volumes",
        shared_parameter=("storageType", "NutanixFiles"),
    ),
}
"""Provisioner of a StorageClass -> driver. kubernetes.io/no-provisioner is none of them."""


@dataclass(frozen=True)
class Claim:
    """What a driver is asked for."""

    access_modes: tuple[str, ...]
    volume_mode: str = "Filesystem"
    parameters: Mapping[str, str] = field(default_factory=dict)


def refusal(provisioner: str, claim: Claim) -> str | None:
    """Why the driver won't make this volume (gRPC status included), or None if it will."""
    driver = DRIVERS[provisioner]
    modes = driver.modes.get(claim.volume_mode, frozenset())
    parameter = driver.shared_parameter
    if parameter is not None and claim.parameters.get(parameter[0]) == parameter[1]:
        modes = ALL if claim.volume_mode == "Filesystem" else frozenset()
    for mode in claim.access_modes:
        if mode not in modes:
            text = driver.refusal.format(mode=CSI_MODES[mode])
            return f"rpc error: code = {driver.code} desc = {text}"
    return None


def asked(claim: Object, storage_class: Object) -> Claim:
    """The part of a PersistentVolumeClaim that a driver sees."""
    return Claim(
        tuple(claim["spec"].get("accessModes", [])),
        claim["spec"].get("volumeMode", "Filesystem"),
        storage_class.get("parameters") or {},
    )
