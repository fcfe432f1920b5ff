from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import STORAGE_CLASS, annotation, kubernetes


@resource_rule(
    title="The registry's storage class is not the cluster's default",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=kubernetes("StorageClass storageclass.kubernetes.io/is-default-class"),
    types=(STORAGE_CLASS,),
    why=(
        "A second default class changes where every other team's claims go: of several defaults "
        "Kubernetes takes the newest. A class for the registry is for the registry."
    ),
    source="Kubernetes, storage classes, default StorageClass",
    remedy="Take the annotation storageclass.kubernetes.io/is-default-class out of the class.",
)
def storage_class_not_default(storage_class: Resource, settings: Settings) -> Iterator[str]:
    if annotation(storage_class, "storageclass.kubernetes.io/is-default-class") == "true":
        yield "the class makes itself the cluster's default"
