from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import IMAGES, at, entries, image_config


@resource_rule(
    title="Registries are reached over verified TLS",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    framework=image_config(
        "spec.registrySources.insecureRegistries, spec.allowedRegistriesForImport"
    ),
    types=IMAGES,
    why=(
        "From an insecure registry every node takes images over plain HTTP or under any "
        "certificate: whoever stands in between decides what runs. A private CA is no reason for "
        "it."
    ),
    source="openshift/api config/v1/types_image.go",
    remedy="Add the registry's CA with spec.additionalTrustedCA and take it out of the list.",
)
def insecure_registries(image: Resource, settings: Settings) -> Iterator[str]:
    if entries(image.props, "spec", "registrySources", "insecureRegistries"):
        yield "spec.registrySources.insecureRegistries is not empty"
    imports = entries(image.props, "spec", "allowedRegistriesForImport")
    if any(at(each, "insecure") is True for each in imports):
        yield "spec.allowedRegistriesForImport has an insecure registry"
