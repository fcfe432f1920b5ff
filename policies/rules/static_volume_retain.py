from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import CLAIM, at, kubernetes
from ._volumes import VOLUMES, registry_volumes


@stack_rule(
    title="The registry's static volumes outlive their claim",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=kubernetes("PersistentVolume spec.persistentVolumeReclaimPolicy"),
    types=(CLAIM, *VOLUMES),
    why=(
        "Under Delete, whoever deletes the claim deletes the storage behind the volume with every "
        "image in it; Recycle empties it. Left out, a volume made by hand is retained."
    ),
    source="Kubernetes, persistent volumes, reclaiming",
    remedy="Write `persistentVolumeReclaimPolicy: Retain`, or leave it out.",
)
def static_volume_retain(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for volume in registry_volumes(resources):
        if at(volume.props, "spec", "persistentVolumeReclaimPolicy") not in (None, "Retain"):
            yield volume, "spec.persistentVolumeReclaimPolicy is not Retain"
