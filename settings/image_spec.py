"""The fields of image.config.openshift.io/cluster that a stack owns."""

from typing import Any

from settings import StackSettings


def image_spec(settings: StackSettings) -> dict[str, Any]:
    """Exactly what the user set, under the API's names; empty if that is nothing."""
    spec: dict[str, Any] = {}
    if settings.trust is not None:
        spec["additionalTrustedCA"] = {"name": settings.trust.additional_trusted_ca.name}
    if settings.exposure is not None and settings.exposure.external_registry_hostnames:
        hosts = settings.exposure.external_registry_hostnames
        spec["externalRegistryHostnames"] = list(hosts)
    return spec
