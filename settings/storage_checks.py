"""Will the registry run on this storage? Judged without a cluster."""

from collections.abc import Iterator
from typing import Any

from settings.claim import OPERATOR_CLAIM, ClaimStorage
from settings.cluster import minor
from settings.facts import labels
from settings.problems import Finding, Path, shown
from settings.provisioners import CINDER, VSPHERE, block_device, named
from settings.stack import StackSettings
from settings.storage_class import UsedClass

RESERVED = (
    "pulumi.com/",
    "pv.kubernetes.io/",
    "volume.kubernetes.io/",
    # An older spelling of the class among them, which would win over the class's own field.
    "volume.beta.kubernetes.io/",
)
"""Annotations that steer the plugin or Kubernetes' volume controllers."""

KIND_SINCE = {"gcs": "4.2", "azure": "4.2"}
"""Kinds that the first OpenShift did not have."""

IN_TREE_CINDER = "kubernetes.io/cinder"
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
    if owned(storage) and storage.claim.volume_mode == "Block":
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
    used = isinstance(wanted, UsedClass)
    provisioner = named(wanted.name) if used else wanted.provisioner
    device = block_device(provisioner, {} if used else wanted.parameters)
    path, value = _at(storage, "accessModes"), ", ".join(modes)
    if device is not None:
        yield Finding(
            path,
            f"asks for one file system on several nodes, and the class gives {device}: a block "
            "device, for one node at a time; the claim would stay Pending",
            "write [ReadWriteOnce], or use a class with shared files, e.g. "
            "ocs-storagecluster-cephfs",
            "storage:block-shared",
            value,
        )
    elif provisioner == VSPHERE:
        yield Finding(
            path,
            "asks vSphere for one file system on several nodes, which only vSAN File Service has; "
            "without it the claim stays Pending",
            "make sure that it is enabled, or write [ReadWriteOnce]",
            "storage:vsphere-shared",
            value,
            "warning",
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
    """A claim that is written names its class, or a volume; others have their class already."""
    given = storage.storage_class is not None
    if owned(storage) and not given and storage.volume is None:
        yield Finding(
            ("storage", "storageClass"),
            "is missing, so the claim would get whatever class is the cluster's default",
            "name the class: storageClass: {use: {name: ...}}, or create one",
            "required",
        )
    if given and not owned(storage):
        has = "made by the operator" if storage.claim.mode == "blank" else "only used"
        yield Finding(
            ("storage", "storageClass"),
            f"is given for a claim that is {has}, and such a claim has its class already",
            "leave storageClass out",
            "storage:class-unused",
        )


def owned(storage: ClaimStorage) -> bool:
    """Is the claim written here?"""
    return storage.claim.mode in ("create", "adopt")


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
    if not owned(storage):
        return
    for section, keys in (
        ("labels", [key for key in storage.claim.labels if key in labels("")]),
        ("annotations", [k for k in storage.claim.annotations if k.startswith(RESERVED)]),
    ):
        for key in keys:
            yield Finding(
                _at(storage, section, key),
                "is set by the stack itself or by Kubernetes",
                "leave it out",
                "storage:reserved-key",
                shown(getattr(storage.claim, section)[key]),
            )


def replaces_itself(storage: Any) -> Iterator[Finding]:
    """Of any kind of storage."""
    if storage.replaces is None:
        return
    ((backend, named_block),) = storage.replaces.items()
    claim = storage.claim.name if storage.kind == "claim" else None
    own = {"claim": claim} if claim else storage.backend.get(backend)
    if backend in storage.backend and named_block == own:
        yield Finding(
            ("storage", "replaces", backend, *named_block),
            "is the storage of this stack itself",
            "leave `replaces` out",
            "storage:replaces-itself",
            shown(claim) if claim else "",
        )


def kind_too_new(settings: StackSettings) -> Iterator[Finding]:
    """Not left to the version gate of all keys: kinds share theirs."""
    since = KIND_SINCE.get(settings.storage.kind) if settings.storage is not None else None
    if since and settings.cluster.minor < minor(since):
        yield Finding(
            ("storage", "kind"),
            f"came with OpenShift {since}, and cluster.version is {settings.cluster.version}",
            f'write version: "{since}" or later if the cluster has that; else another kind',
            "version",
            settings.storage.kind,
        )


def empty_dir(settings: StackSettings) -> Iterator[Finding]:
    if settings.storage is not None and settings.storage.kind == "emptyDir":
        yield Finding(
            ("storage", "kind"),
            "keeps the images on the node's disk: they are lost whenever the registry's pod goes, "
            "with an upgrade or a drain at the latest (guide 3.6.3.2)",
            "use it only where images can be made again",
            "storage:empty-dir",
            "emptyDir",
            "warning",
        )
