from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIGS, at, guide


@resource_rule(
    title="The registry's storage is Unmanaged",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=guide("2.5, spec.storage.managementState"),
    types=CONFIGS,
    why=(
        "Under Managed the operator overwrites the storage's encryption and lifecycle settings, "
        "and deletes the claim, bucket or container when the registry is set to Removed. "
        "Left out, the operator fills the field in by itself."
    ),
    source="cluster-image-registry-operator pkg/storage, RemoveStorage of each driver",
    remedy="Write `managementState: Unmanaged` in spec.storage, next to the backend.",
)
def storage_unmanaged(config: Resource, settings: Settings) -> Iterator[str]:
    storage = at(config.props, "spec", "storage")
    if storage is not None and at(storage, "managementState") != "Unmanaged":
        yield "spec.storage.managementState is not Unmanaged"
