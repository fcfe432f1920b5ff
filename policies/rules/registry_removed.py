from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIGS, at, guide


@resource_rule(
    title="The registry is not switched off unnoticed",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    framework=guide("2.5, spec.managementState"),
    types=CONFIGS,
    why=(
        "Under Removed there is no registry: builds can't push, pods that pull from it fail on "
        "their next start, and the pruner no longer prunes the registry. Unmanaged storage and "
        "its images stay; storage that is still Managed is deleted."
    ),
    source="cluster-image-registry-operator pkg/storage, RemoveStorage; registry guide 3.6.1",
    remedy="Write `managementState: Managed`, or keep Removed knowing that no image can be pulled.",
)
def registry_removed(config: Resource, settings: Settings) -> Iterator[str]:
    if at(config.props, "spec", "managementState") == "Removed":
        yield "spec.managementState switches the registry off"
