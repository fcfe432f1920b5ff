from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import CLAIM, VOLUME, plugin
from ._volumes import registry_volumes


@stack_rule(
    title="The registry's static volumes are protected",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("resource option protect"),
    types=(CLAIM, VOLUME),
    why=(
        "A claim whose volume is deleted is Lost, and does not come back when a volume of the "
        "same name is made again: the registry is down, and its images are on storage that no "
        "object names. With protect the engine refuses the deletion itself, also when a changed "
        "source, which is immutable, would replace the volume."
    ),
    source="Kubernetes, persistent volumes, binding; pulumi.ResourceOptions",
    remedy="Give the volume `protect=True` and `retain_on_delete=True`.",
)
def static_volume_protected(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for volume in registry_volumes(resources):
        if not volume.opts.protect:
            yield volume, "the volume is not protected"
