"""What of the live cluster a stack file has to agree with."""

from dataclasses import dataclass
from typing import Any

from settings.authorities import Authority
from settings.credentials import SECRET_NAME
from settings.stack import StackSettings

CLOUDS = ("gcs", "azure", "swift")
"""Kinds of storage of which the cluster holds no more than the keys."""


@dataclass(frozen=True)
class Questions:
    """Names of objects to read, each in the namespace where it would be looked for.

    What every run asks is not among them: infrastructure, version and the objects that are
    patched.
    """

    claims: tuple[str, ...] = ()
    live_claim: bool = False
    """The claim that the live configs/cluster names, whichever it is."""
    storage_classes: bool = False
    """All classes: one of them is the default."""
    volumes: tuple[str, ...] = ()
    config_maps: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    cluster_roles: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    nodes: bool = False
    """All nodes: is there one that the pods may run on?"""
    routes: bool = False
    """All routes: a host name belongs to one route of the whole cluster."""
    default_route: bool = False
    proxy: bool = False
    bucket_claim: tuple[str, str] | None = None
    """Namespace and name of an ObjectBucketClaim."""
    endpoint_route: tuple[str, str] | None = None
    """Namespace and name of the route by which a bucket is reached."""
    authorities: tuple[Authority, ...] = ()
    issuer: bool = False
    """Who vouches for the cluster's service accounts."""


def questions(settings: StackSettings) -> Questions:
    storage = settings.storage
    bucket = _of_bucket(storage)
    claim = storage if storage is not None and storage.kind == "claim" else None
    trusted = settings.trust.additional_trusted_ca if settings.trust else None
    exposure = settings.exposure
    routes = (exposure.routes if exposure else None) or ()
    proxy = settings.registry.proxy
    return Questions(
        claims=(claim.claim.name,) if claim else (),
        live_claim=storage is None,
        storage_classes=(claim is not None and claim.claim.mode != "use") or bucket.storage_classes,
        volumes=(claim.volume.name,) if claim and claim.volume else (),
        config_maps=(*((trusted.name,) if trusted else ()), *bucket.config_maps),
        secrets=(
            *(each.certificate.name for each in routes if each.certificate),
            *((SECRET_NAME,) if settings.credentials else ()),
            *bucket.secrets,
        ),
        cluster_roles=settings.access.cluster_roles if settings.access else (),
        namespaces=settings.access.namespaces if settings.access else (),
        nodes=settings.registry.node_selector is not None
        or bool(claim and claim.volume and getattr(claim.volume, "nodes", None)),
        routes=bool(routes),
        default_route=bool(exposure and exposure.default_route),
        proxy=proxy is not None and proxy.no_proxy is not None,
        bucket_claim=bucket.bucket_claim,
        endpoint_route=bucket.endpoint_route,
        authorities=bucket.authorities,
        issuer=bucket.issuer,
    )


def _of_bucket(storage: Any) -> Questions:
    """What storage in a bucket has to agree with, beside the rest."""
    if storage is not None and storage.kind == "s3":
        front = storage.cloud_front
        return Questions(
            config_maps=(storage.trusted_ca.name,) if storage.trusted_ca else (),
            secrets=(SECRET_NAME, *((front.private_key.name,) if front else ())),
            issuer=storage.credentials.mode == "sts",
        )
    if storage is not None and storage.kind == "objectBucketClaim":
        return Questions(
            storage_classes=storage.claim.mode == "create",
            config_maps=(storage.trusted_ca.name,) if storage.bundled else (),
            secrets=(SECRET_NAME,),
            bucket_claim=(storage.claim.namespace, storage.claim.name),
            endpoint_route=storage.route,
            authorities=storage.authorities,
        )
    if storage is not None and storage.kind in CLOUDS:
        return Questions(
            secrets=(SECRET_NAME,), issuer=storage.credentials.mode == "workloadIdentity"
        )
    return Questions()
