"""Which persistent volumes hold the registry's images."""

from collections.abc import Iterator, Sequence

from declare import Resource

from ._objects import CLAIM, NAMESPACE, VOLUME, VOLUME_PATCH, is_registry_claim, text

VOLUMES = (VOLUME, VOLUME_PATCH)


def registry_claims(resources: Sequence[Resource]) -> list[Resource]:
    return [each for each in resources if each.resource_type == CLAIM and is_registry_claim(each)]


def registry_volumes(resources: Sequence[Resource]) -> Iterator[Resource]:
    """Those that are reserved for a claim in the operator's namespace, or that one names."""
    volumes = [each for each in resources if each.resource_type in VOLUMES]
    if not volumes:
        return
    named = {text(claim.props, "spec", "volumeName") for claim in registry_claims(resources)}
    for volume in volumes:
        if text(volume.props, "spec", "claimRef", "namespace") == NAMESPACE or (
            text(volume.props, "metadata", "name") in named - {None, ""}
        ):
            yield volume
