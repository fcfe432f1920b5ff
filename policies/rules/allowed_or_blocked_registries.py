from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import IMAGES, entries, image_config


@resource_rule(
    title="Registries are allowed or blocked, not both",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=image_config("spec.registrySources"),
    types=IMAGES,
    why=(
        "Only one of the two lists may be set. What writes them to the nodes refuses both "
        "together, so that neither takes effect: what was meant to be blocked can be pulled."
    ),
    source="openshift/api config/v1/types_image.go",
    remedy="Keep allowedRegistries, which already blocks all others, or blockedRegistries.",
)
def allowed_or_blocked_registries(image: Resource, settings: Settings) -> Iterator[str]:
    sources = ("allowedRegistries", "blockedRegistries")
    if all(entries(image.props, "spec", "registrySources", each) for each in sources):
        yield "spec.registrySources has both allowedRegistries and blockedRegistries"
