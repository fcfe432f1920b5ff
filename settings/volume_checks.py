"""Will the registry run on this volume? Judged without a cluster."""

from collections.abc import Iterator

from settings.claim import ClaimStorage
from settings.facts import labels
from settings.problems import Finding, Path, shown
from settings.provisioners import NUTANIX, block_device
from settings.storage_checks import owned
from settings.volume import OwnedVolume, UsedVolume

DEVICES = {"iscsi": "a LUN of an iSCSI target", "fc": "a LUN on Fibre Channel"}
KUBERNETES_OWN = ("pulumi.com/", "pv.kubernetes.io/", "volume.beta.kubernetes.io/")
"""Annotations that steer the plugin, the binder, or stand in for fields of the spec."""

LONGEST_INTERFACE = 64


def _written(storage: ClaimStorage) -> OwnedVolume | None:
    """The volume, if it is written here."""
    return None if isinstance(storage.volume, UsedVolume) else storage.volume


def _at(volume: OwnedVolume, *rest: str) -> Path:
    return ("storage", "volume", volume.mode, *rest)


def claim_needed(storage: ClaimStorage) -> Iterator[Finding]:
    """Only a claim that is written can be told which volume it gets."""
    if storage.volume is None or owned(storage):
        return
    has = "made by the operator" if storage.claim.mode == "blank" else "only used"
    yield Finding(
        ("storage", "volume"),
        f"is given for a claim that is {has}, and such a claim gets its volume without the stack",
        "leave volume out, or create or adopt the claim",
        "volume:claim-used",
    )


def no_class(storage: ClaimStorage) -> Iterator[Finding]:
    """Two sources of one volume would be one too many."""
    if storage.storage_class is not None and _written(storage) is not None:
        yield Finding(
            ("storage", "storageClass"),
            f"is given beside a volume under `{storage.volume.mode}`, which belongs to no class",
            "leave storageClass out; or leave volume out, and the class makes one",
            "volume:class",
        )


def nodes(storage: ClaimStorage) -> Iterator[Finding]:
    """A disk is where it is; everything else is reached from any node."""
    volume = _written(storage)
    if volume is None:
        return
    named, path = volume.nodes or [], _at(volume, "nodes")
    if volume.source.local is None and volume.nodes is not None:
        yield Finding(
            path,
            f"is given for {volume.source.kind}, which every node reaches",
            "leave it out",
            "volume:nodes",
        )
    elif volume.source.local is not None and not named:
        yield Finding(
            path,
            "is missing, and a local volume is on one node",
            "name the node: nodes: [worker-0]",
            "volume:nodes",
        )
    elif len(named) > 1:
        yield Finding(
            path,
            "names several nodes for a local volume: a registry that moves finds its images only "
            "if the path is the same storage on each",
            "name the node that has the disk, or make sure of it",
            "volume:several-nodes",
            ", ".join(named),
            "warning",
        )


def shared_device(storage: ClaimStorage) -> Iterator[Finding]:
    """A block device with a file system on it, or a node's disk, is for one node at a time."""
    volume, modes = _written(storage), storage.access_modes or ()
    if volume is None or "ReadWriteMany" not in modes:
        return
    path, value = ("storage", "claim", storage.claim.mode, "accessModes"), ", ".join(modes)
    if volume.source.local is not None:
        yield Finding(
            path,
            "shares a local volume, and one node's disk is out of the others' reach",
            "write [ReadWriteOnce], or give a volume with shared files, e.g. nfs",
            "volume:local-shared",
            value,
        )
    elif device := DEVICES.get(volume.source.kind) or _driver(volume):
        yield Finding(
            path,
            f"shares {device}: a file system on a block device is for one node at a time, and "
            "two would destroy it",
            "write [ReadWriteOnce], or give a volume with shared files, e.g. nfs",
            "volume:device-shared",
            value,
        )


def _driver(volume: OwnedVolume) -> str | None:
    """What the volumes of a CSI driver are that has no other ones."""
    csi = volume.source.csi
    known = block_device(csi.driver, {}) if csi and csi.driver != NUTANIX else None
    return f"a volume of {known}" if known else None


def read_only(storage: ClaimStorage) -> Iterator[Finding]:
    volume = _written(storage)
    for index, option in enumerate(volume.mount_options if volume else ()):
        if "ro" in option.split(","):
            yield Finding(
                _at(volume, "mountOptions", index),
                "mounts the volume read-only, and the registry writes its images",
                "leave `ro` out",
                "volume:read-only",
                shown(option),
            )


def initiator(storage: ClaimStorage) -> Iterator[Finding]:
    """With a name of their own, the nodes' interface is called after portal and volume."""
    volume = _written(storage)
    iscsi = volume.source.iscsi if volume else None
    if iscsi is None or iscsi.initiator_name is None:
        return
    length = len(f"{volume.name}:{iscsi.target_portal}")
    if length > LONGEST_INTERFACE:
        yield Finding(
            _at(volume, "source", "iscsi", "initiatorName"),
            f"makes an interface named <volume>:<targetPortal>, which takes {LONGEST_INTERFACE} "
            f"characters and would have {length}",
            "give the volume a shorter name, or leave initiatorName out",
            "volume:iscsi-initiator",
        )


def reserved_keys(storage: ClaimStorage) -> Iterator[Finding]:
    volume = _written(storage)
    if volume is None:
        return
    for section, keys in (
        ("labels", [key for key in volume.labels if key in labels("")]),
        ("annotations", [key for key in volume.annotations if key.startswith(KUBERNETES_OWN)]),
    ):
        for key in keys:
            yield Finding(
                _at(volume, section, key),
                "is set by the stack itself, or by Kubernetes",
                "leave it out; what a volume is mounted with stands under mountOptions",
                "volume:reserved-key",
                shown(getattr(volume, section)[key]),
            )
