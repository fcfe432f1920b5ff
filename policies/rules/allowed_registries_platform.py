from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import IMAGES, entries, image_config
from ._registries import covers


@resource_rule(
    title="Nodes may pull the platform's own images",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    framework=image_config("spec.registrySources.allowedRegistries"),
    types=IMAGES,
    why=(
        "OpenShift's release is pulled from quay.io, its operators and base images from "
        "registry.redhat.io. Where a list leaves them out, nodes that are new, rebuilt or upgraded "
        "stay without. A cluster that takes them from elsewhere says so in the setting."
    ),
    source="OpenShift, adding specific registries; registry guide 1.5",
    remedy="Add the registries that the platformRegistries setting names to the list.",
    settings={
        "platformRegistries": {
            "type": "array",
            "items": {"type": "string"},
            "default": ["quay.io", "registry.redhat.io"],
            "description": "The registries that the platform's images come from",
        }
    },
)
def allowed_registries_platform(image: Resource, settings: Settings) -> Iterator[str]:
    allowed = entries(image.props, "spec", "registrySources", "allowedRegistries")
    for host in settings["platformRegistries"] if allowed else ():
        if not any(covers(each, host) for each in allowed):
            yield f"spec.registrySources.allowedRegistries leaves {host} out"
