from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._azure import ACCOUNT, CONTAINER, IMMUTABILITY, LEGAL_HOLD
from ._objects import at

HOLDS = (IMMUTABILITY, LEGAL_HOLD)


@resource_rule(
    title="The registry may write and delete in its container, on Azure",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=Framework("Azure Storage documentation", "1", "Immutable storage for blobs"),
    types=(*HOLDS, ACCOUNT, CONTAINER),
    why=(
        "What is immutable can be neither replaced nor deleted. The registry replaces the link of "
        "a tag at each push and deletes the parts of each upload: pushes end in an error, pruning "
        "does nothing, and a policy that is locked can't be taken back."
    ),
    source=(
        "Azure Storage documentation, immutable storage; distribution "
        "registry/storage/driver/azure, Move and Delete"
    ),
    remedy=(
        "Take the policy or the hold out, and immutableStorageWithVersioning; soft delete keeps "
        "what is deleted without that."
    ),
)
def azure_lets_push(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.resource_type in HOLDS:
        yield "the container is held immutable"
    elif at(resource.props, "immutableStorageWithVersioning", "enabled"):
        yield "immutableStorageWithVersioning is enabled"
