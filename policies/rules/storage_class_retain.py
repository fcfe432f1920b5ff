from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import STORAGE_CLASS, at, kubernetes


@resource_rule(
    title="Storage classes keep the volume when its claim goes",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    framework=kubernetes("StorageClass reclaimPolicy"),
    types=(STORAGE_CLASS,),
    why=(
        "Left out, reclaimPolicy means Delete: whoever deletes the claim, with oc as well as with "
        "Pulumi, deletes the volume and its images. The class in the registry guide is of that "
        "kind. Under Retain the volume stays and an administrator removes it."
    ),
    source="Kubernetes, storage classes, reclaim policy; registry guide 3.5.1",
    remedy="Write `reclaimPolicy: Retain` in a new class: an existing one can't be changed.",
)
def storage_class_retain(storage_class: Resource, settings: Settings) -> Iterator[str]:
    if at(storage_class.props, "reclaimPolicy") != "Retain":
        yield "reclaimPolicy is not Retain"
