from collections.abc import Iterator, Sequence

from declare import Framework, Level, Resource, Settings, Severity, stack_rule

from ._objects import at
from ._openstack import DECIDING, STORE


@stack_rule(
    title="Deleting the registry's container does not empty it first, on Swift",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=Framework("pulumi-openstack", "5", "Container forceDestroy"),
    types=DECIDING,
    why=(
        "Swift refuses to delete a container that holds anything, the last thing between a "
        "mistake and the loss of every image. With forceDestroy the plugin deletes all objects "
        "first. It is read from the state: a later `false` has to be applied before it helps."
    ),
    source="pulumi-openstack, Container, forceDestroy",
    remedy="Take forceDestroy out of the container, and apply that.",
)
def swift_container_not_emptied(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for container in STORE.of_registry(resources):
        if at(container.props, "forceDestroy"):
            yield container, "forceDestroy is set"
