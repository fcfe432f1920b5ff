from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import plugin
from ._openstack import DECIDING, STORE


@stack_rule(
    title="The registry's container is protected, on Swift",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("resource option protect"),
    types=DECIDING,
    why=(
        "Whatever replaces the container, a new name or storage policy for one, deletes the old "
        "one and every image with it. With protect the engine refuses the deletion itself."
    ),
    source="pulumi.ResourceOptions; pulumi-openstack, Container, properties that replace",
    remedy="Give the container `protect=True` and `retain_on_delete=True`.",
)
def swift_container_protected(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for container in STORE.of_registry(resources):
        if not container.opts.protect:
            yield container, "the container is not protected"
