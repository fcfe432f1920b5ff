from collections.abc import Iterator, Sequence
from typing import Any

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import CLAIM, STORAGE_CLASS, at, entries, kubernetes, text
from ._volumes import VOLUMES, registry_claims, usable_volumes

# The sources of a PersistentVolume that have the field.
SOURCES = (
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "csi",
    "fc",
    "flexVolume",
    "gcePersistentDisk",
    "glusterfs",
    "iscsi",
    "nfs",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
)


@stack_rule(
    title="The registry can write to its volume",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=kubernetes("PersistentVolume readOnly, spec.mountOptions"),
    types=(CLAIM, STORAGE_CLASS, *VOLUMES),
    why=(
        "The registry writes what is pushed, what it caches of other registries, and what pruning "
        "leaves. On a read-only volume it starts, or crashes at its own check of the storage, and "
        "every push fails."
    ),
    source="Kubernetes, persistent volumes, mount options; each volume source's readOnly",
    remedy="Take readOnly out of the volume's source, and `ro` out of mountOptions.",
)
def static_volume_writable(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for volume in usable_volumes(resources):
        for source in SOURCES:
            if at(volume.props, "spec", source, "readOnly") is True:
                yield volume, f"spec.{source}.readOnly is true"
        if _mounts_read_only(entries(volume.props, "spec", "mountOptions")):
            yield volume, "spec.mountOptions hold ro"
    used = {text(each.props, "spec", "storageClassName") for each in registry_claims(resources)}
    for each in resources:
        if (
            each.resource_type == STORAGE_CLASS
            and text(each.props, "metadata", "name") in used - {None, ""}
            and _mounts_read_only(entries(each.props, "mountOptions"))
        ):
            yield each, "mountOptions of the class hold ro"


def _mounts_read_only(options: list[Any]) -> bool:
    """Some write several in one, as mount takes them: hard,ro."""
    return any("ro" in str(each).replace(" ", "").split(",") for each in options)
