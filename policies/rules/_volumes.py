"""Which persistent volumes hold the registry's images."""

from collections.abc import Iterator, Sequence
from typing import Any

from declare import Resource

from ._objects import (
    CLAIM,
    NAMESPACE,
    VOLUME,
    VOLUME_PATCH,
    access_modes,
    at,
    is_registry_claim,
    text,
)

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


def usable_volumes(resources: Sequence[Resource]) -> Iterator[Resource]:
    """Those, and the free ones that a claim of the registry can bind."""
    reserved, claims = list(registry_volumes(resources)), registry_claims(resources)
    for volume in resources:
        if volume.resource_type in VOLUMES and (
            any(volume is each for each in reserved)
            or any(can_bind(claim, volume) for claim in claims)
        ):
            yield volume


def can_bind(claim: Resource, volume: Resource) -> bool:
    """Whether both are free and of one class, which may be none. An absent one is the default."""
    wanted = text(claim.props, "spec", "storageClassName")
    return (
        wanted is not None
        and not text(claim.props, "spec", "volumeName")
        and (text(volume.props, "spec", "storageClassName") or "") == wanted
        and at(volume.props, "spec", "claimRef") is None
        and _offers(access_modes(volume), access_modes(claim))
    )


def _offers(offered: list[Any], wanted: list[Any]) -> bool:
    return not offered or all(each in offered for each in wanted)
