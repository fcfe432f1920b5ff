"""Will the registry run on this claim? Judged without a cluster."""

import re
from collections.abc import Iterator

from settings.claim import ClaimStorage, UsedClaim
from settings.facts import labels
from settings.presets import CINDER
from settings.problems import Finding, Path, shown
from settings.storage_class import UsedClass

RBD_CLASS = re.compile(r"ocs-.*ceph-rbd(-virtualization)?")
"""What OpenShift Data Foundation calls its block classes, whoever made them."""

IN_TREE_CINDER = "kubernetes.io/cinder"
OPERATOR_CLAIM = "image-registry-storage"
OPERATOR_SOURCE = "cluster-image-registry-operator pkg/storage/pvc/pvc.go"


def _at(storage: ClaimStorage, *rest: str) -> Path:
    return ("storage", "claim", storage.claim.mode, *rest)


def _class_at(storage: ClaimStorage, *rest: str) -> Path:
    mode = storage.storage_class.mode if storage.storage_class else "use"
    return ("storage", "storageClass", mode, *rest)


def access_modes(storage: ClaimStorage) -> Iterator[Finding]:
    """The operator takes ReadWriteMany, or ReadWriteOnce; ReadWriteOncePod stands alone."""
    modes = storage.access_modes
    if modes is None:
        return
    path = _at(storage, "accessModes")
    if "ReadWriteOncePod" in modes and len(set(modes)) > 1:
        yield Finding(
            path,
            "joins ReadWriteOncePod with another mode, which Kubernetes refuses",
            "write [ReadWriteOnce] or [ReadWriteMany]",
            "operator:access-mode",
            ", ".join(modes),
        )
    elif not {"ReadWriteMany", "ReadWriteOnce"} & set(modes):
        yield Finding(
            path,
            f"has no mode that the operator takes ({OPERATOR_SOURCE})",
            "write [ReadWriteOnce] or [ReadWriteMany]",
            "operator:access-mode",
            ", ".join(modes) or "[]",
        )


def volume_mode(storage: ClaimStorage) -> Iterator[Finding]:
    if not isinstance(storage.claim, UsedClaim) and storage.claim.volume_mode == "Block":
        yield Finding(
            _at(storage, "volumeMode"),
            "is a raw device, and the registry mounts a file system at /registry",
            "write Filesystem, or leave the key out",
            "operator:block-volume",
            "Block",
        )


def shared_block_storage(storage: ClaimStorage) -> Iterator[Finding]:
    """A block device with a file system on it is for one node at a time."""
    wanted, modes = storage.storage_class, storage.access_modes or ()
    if wanted is None or "ReadWriteMany" not in modes:
        return
    provisioner = "" if isinstance(wanted, UsedClass) else wanted.provisioner
    path, value = _at(storage, "accessModes"), ", ".join(modes)
    if provisioner.endswith(".rbd.csi.ceph.com") or RBD_CLASS.fullmatch(wanted.name):
        yield Finding(
            path,
            "asks Ceph RBD for a file system on several nodes, which it gives as raw block only; "
            "the claim would stay Pending",
            "write [ReadWriteOnce], or use a CephFS class, e.g. ocs-storagecluster-cephfs",
            "storage:rbd-shared",
            value,
        )
    elif provisioner in (CINDER, IN_TREE_CINDER):
        yield Finding(
            path,
            "asks Cinder for a file system on several nodes, which it has not "
            "(kubernetes/cloud-provider-openstack issue 1367)",
            "write [ReadWriteOnce], or use a class with shared files, e.g. Manila",
            "storage:cinder-shared",
            value,
        )


def in_tree_cinder(storage: ClaimStorage) -> Iterator[Finding]:
    wanted = storage.storage_class
    if wanted is None or isinstance(wanted, UsedClass) or wanted.provisioner != IN_TREE_CINDER:
        return
    yield Finding(
        _class_at(storage, "provisioner"),
        "is the driver that Kubernetes had built in; it only goes on by way of the CSI driver",
        f"write {CINDER}",
        "storage:in-tree-cinder",
        shown(IN_TREE_CINDER),
        "warning",
    )


def class_needed(storage: ClaimStorage) -> Iterator[Finding]:
    """A claim that is written names its class; one that is only used has it already."""
    used = isinstance(storage.claim, UsedClaim)
    if storage.storage_class is None and not used:
        yield Finding(
            ("storage", "storageClass"),
            "is missing, so the claim would get whatever class is the cluster's default",
            "name the class: storageClass: {use: {name: ...}}, or create one",
            "required",
        )
    if storage.storage_class is not None and used:
        yield Finding(
            ("storage", "storageClass"),
            "is given for a claim that is only used, and such a claim has its class already",
            "leave storageClass out",
            "storage:class-unused",
        )


def claim_name(storage: ClaimStorage) -> Iterator[Finding]:
    if storage.claim.name == OPERATOR_CLAIM and storage.claim.mode == "create":
        yield Finding(
            _at(storage, "name"),
            "is the name under which the operator makes a claim itself when none is named",
            "write another name, or `adopt` if the claim exists already",
            "storage:operator-claim",
            shown(OPERATOR_CLAIM),
            "warning",
        )


def reserved_keys(storage: ClaimStorage) -> Iterator[Finding]:
    if isinstance(storage.claim, UsedClaim):
        return
    for section, keys in (
        ("labels", [key for key in storage.claim.labels if key in labels("")]),
        ("annotations", [k for k in storage.claim.annotations if k.startswith("pulumi.com/")]),
    ):
        for key in keys:
            yield Finding(
                _at(storage, section, key),
                "is set by the stack itself",
                "leave it out",
                "storage:reserved-key",
                shown(getattr(storage.claim, section)[key]),
            )


def replaces_itself(storage: ClaimStorage) -> Iterator[Finding]:
    if storage.replaces == storage.backend:
        yield Finding(
            ("storage", "replaces", "pvc", "claim"),
            "is the claim of this stack itself",
            "leave `replaces` out",
            "storage:replaces-itself",
            shown(storage.claim.name),
        )
