from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import SINGLETON_PATCHES, api, at

KEPT_BY_THE_CLUSTER = (
    ("status",),
    ("spec", "observedConfig"),
    ("metadata", "creationTimestamp"),
    ("metadata", "deletionTimestamp"),
    ("metadata", "finalizers"),
    ("metadata", "generation"),
    ("metadata", "managedFields"),
    ("metadata", "ownerReferences"),
    ("metadata", "resourceVersion"),
    ("metadata", "selfLink"),
    ("metadata", "uid"),
)


@resource_rule(
    title="Patches leave the operator's own fields alone",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.observedConfig, status, metadata"),
    types=SINGLETON_PATCHES,
    why=(
        "The operator writes these back on every sync. A forced patch that holds them makes stack "
        "and operator overwrite each other for ever; with finalizers it can block or skip the "
        "clean-up when the object is deleted. They arrive by copying `oc get -o yaml`, even "
        "as an empty `observedConfig: {}`."
    ),
    source=(
        "cluster-image-registry-operator pkg/operator/controller.go, sync; "
        "pulumi/pulumi-kubernetes issue 2219"
    ),
    remedy="Take the field out: patch only what this stack decides.",
)
def operator_fields(patch: Resource, settings: Settings) -> Iterator[str]:
    for path in KEPT_BY_THE_CLUSTER:
        if at(patch.props, *path) is not None:
            yield f"the patch holds {'.'.join(path)}"
