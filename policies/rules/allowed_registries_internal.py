from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import IMAGES, entries, image_config
from ._registries import covers

INTERNAL = "image-registry.openshift-image-registry.svc:5000"


@resource_rule(
    title="Nodes may pull from the cluster's own registry",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=image_config("spec.registrySources.allowedRegistries"),
    types=IMAGES,
    why=(
        "Whatever is not in allowedRegistries is blocked, the cluster's own registry too: pods "
        "then can't pull what was built and pushed here, each at its next start."
    ),
    source="openshift/api config/v1/types_image.go; OpenShift, adding specific registries",
    remedy=f"Add {INTERNAL} to the list.",
)
def allowed_registries_internal(image: Resource, settings: Settings) -> Iterator[str]:
    allowed = entries(image.props, "spec", "registrySources", "allowedRegistries")
    if allowed and not any(covers(each, INTERNAL) for each in allowed):
        yield "spec.registrySources.allowedRegistries leaves the cluster's own registry out"
