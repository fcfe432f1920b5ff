from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import CLAIM, access_modes, at, kubernetes
from ._volumes import VOLUMES, usable_volumes


@stack_rule(
    title="The registry's images are not on whichever node it runs on",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=kubernetes("PersistentVolume spec.hostPath"),
    types=(CLAIM, *VOLUMES),
    why=(
        "hostPath is a path of the node that the pod happens to be on. On the next node the "
        "registry finds an empty directory and every image is missing; what is pushed then is "
        "missing later. With ReadWriteMany two pods on two nodes each show a part."
    ),
    source="Kubernetes, persistent volumes, types: hostPath is for testing with a single node",
    remedy=(
        "Use `local` with `nodeAffinity` and ReadWriteOnce for the disk of one node, or storage "
        "that every node reaches."
    ),
)
def static_volume_host_path(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for volume in usable_volumes(resources):
        if at(volume.props, "spec", "hostPath") is None:
            continue
        if "ReadWriteMany" in access_modes(volume):
            yield volume, "the volume is a path of one node, and offers ReadWriteMany"
        elif at(volume.props, "spec", "nodeAffinity", "required") is None:
            yield volume, "the volume is a hostPath that stays on no node"
