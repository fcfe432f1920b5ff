"""The image registry of one cluster: its storage, and the operator's custom resource.

Makes what the stack file says: storage through its backend, the secrets and the CA map
that are referred to, the patches of configs/cluster, image.config and the pruner, the role
bindings. An object that the stack has patched and no longer mentions is patched with nothing,
which gives its fields back. Refuses to make configs/cluster itself, to touch a field the stack file
doesn't set or the storage doesn't demand, and to take over storage that isn't named.
"""

import inspect
from collections.abc import Iterator
from typing import Any

from pulumi import ComponentResource, Output, Resource, ResourceOptions
from pulumi_kubernetes import Provider

from cluster.kubeconfig import ClusterAccess
from cluster.read import CONFIG, IMAGE, PRUNER
from components.binding import StorageBinding
from components.confirm import confirm, confirm_there
from components.kubernetes_object import KubernetesObject
from components.patch import patch
from components.registry_patch import registry_patch
from components.switch import switch_hook
from settings import StackSettings
from settings.facts import LiveFacts
from settings.image_spec import image_spec
from settings.names import FIELD_MANAGER
from settings.operator_spec import operator_spec


class ImageRegistry(ComponentResource):
    """All of one cluster's registry.

    `access` is None when a preview has no kubeconfig, `live` when it could not be read.
    """

    def __init__(
        self, settings: StackSettings, access: ClusterAccess | None, live: LiveFacts | None
    ) -> None:
        name = settings.cluster.name
        facts = live or LiveFacts()
        super().__init__("openshift-registry:index:ImageRegistry", name, None)
        provider = Provider(
            name,
            # Never the ambient one: the plugin would find its own and may find another.
            kubeconfig=Output.secret(access.content if access else NO_CLUSTER),
            # Only this identity replaces resources; a new token or address does not.
            cluster_identifier=settings.cluster.infrastructure_name,
            enable_server_side_apply=True,
            enable_secret_mutable=True,
            enable_config_map_mutable=True,
            **UPSERT,
            opts=ResourceOptions(parent=self),
        )
        child = ResourceOptions(parent=self, provider=provider)
        binding = storage_binding(settings, access, facts, child)
        replaces = settings.storage.replaces if settings.storage else None
        spec = operator_spec(
            settings,
            binding.backend if binding else None,
            binding.demands if binding else {},
        )
        # The operator judges what it is pointed at in the same moment.
        made = [*(binding.made_by if binding else ()), *_referred_to(settings, facts, child)]
        patched = registry_patch(
            spec,
            name,
            switch_hook(access, replaces),
            ResourceOptions.merge(child, ResourceOptions(depends_on=made)),
        )
        if binding and binding.new_key is not None:
            from components.new_key import wait_for_new_key

            wait_for_new_key(binding.new_key, patched, access, spec)
        looked_at = {key: spec[key] for key in sorted(spec.keys() & CONFIRMED)}
        confirm(patched, access, "configs/cluster", CONFIG, looked_at)
        made += _image_config(settings, access, facts, child)
        _pruner(settings, access, facts, child)
        if settings.access is not None:
            from components.access import access as role_bindings

            made += role_bindings(settings.access, name, child)
        confirm_there(made, access)
        self.register_outputs({"config": patched.metadata, **_told(settings, facts)})


def _told(settings: StackSettings, live: LiveFacts) -> dict[str, Any]:
    """What policies may want to know and can't see on any resource. A policy that judges the
    whole stack is shown the outputs of a component, not its inputs."""
    told: dict[str, Any] = {"environment": settings.cluster.environment}
    if live.storage_classes is not None:
        told["storageClasses"] = sorted(live.storage_classes)
    return told


def _referred_to(
    settings: StackSettings, live: LiveFacts, opts: ResourceOptions
) -> Iterator[Resource]:
    """The secrets that the custom resource names, or the operator looks for."""
    if settings.exposure is not None:
        from components.exposure import route_secrets

        yield from route_secrets(settings.exposure, settings.cluster.name, live, opts)
    if settings.credentials is not None:
        from components.credential_secret import credential_secret

        yield credential_secret(settings.credentials, settings.cluster.name, live, opts)


def _image_config(
    settings: StackSettings, access: ClusterAccess | None, live: LiveFacts, opts: ResourceOptions
) -> list[KubernetesObject]:
    """The patch; returns the map of CAs that is made before it, if one is."""
    spec = image_spec(settings)
    if not spec and not live.image.known_to(FIELD_MANAGER):
        return []
    made = None
    if settings.trust is not None:
        from components.trust import trusted_ca

        wanted = settings.trust.additional_trusted_ca
        made = trusted_ca(wanted, settings.cluster.name, live, opts)
    before = ResourceOptions(depends_on=[made] if made is not None else [])
    # The API wants a spec: with its last field taken out of it, it would be null. This one
    # says nothing, and what others have put inside it stays theirs.
    given = spec or {"registrySources": {}}
    kept = ResourceOptions.merge(opts, before)
    patched = patch("config.openshift.io/v1", "Image", given, settings.cluster.name, kept)
    confirm(patched, access, "image.config/cluster", IMAGE, spec)
    return [made] if made is not None else []


def _pruner(
    settings: StackSettings, access: ClusterAccess | None, live: LiveFacts, opts: ResourceOptions
) -> None:
    spec = settings.pruning.spec() if settings.pruning else {}
    if settings.pruning is None and not live.pruner.known_to(FIELD_MANAGER):
        return
    api = "imageregistry.operator.openshift.io/v1"
    patched = patch(api, "ImagePruner", spec, settings.cluster.name, opts)
    confirm(patched, access, "imagepruner/cluster", PRUNER, spec)


CONFIRMED = {"managementState", "replicas", "rolloutStrategy", "storage"}
"""What decides over images, and how the registry may mount them."""

UPSERT = (
    {"upsert_existing_objects": True}
    if "upsert_existing_objects" in inspect.signature(Provider._internal_init).parameters
    else {}
)
"""Before 4.29 the plugin applies a new object over one that exists; since then only if told.

It has to: a run that died between the API server's answer and the state's record leaves such
an object, and the next run must carry on. That it is ours was checked before the plan.
"""

NO_CLUSTER = "apiVersion: v1\nkind: Config\n"


def storage_binding(
    settings: StackSettings, access: ClusterAccess | None, live: LiveFacts, opts: ResourceOptions
) -> StorageBinding | None:
    """The chosen backend's binding; None when the cluster's own storage is left alone."""
    storage = settings.storage
    if storage is None:
        return None
    if storage.kind == "emptyDir":
        return StorageBinding(storage.backend, storage.demands, ())
    # Imported here: a stack loads what its own platform needs and no other.
    if storage.kind == "s3":
        from components.s3 import S3StorageComponent

        return S3StorageComponent(storage, settings.cluster, live, opts).binding
    if storage.kind == "gcs":
        from components.gcs import GcsStorageComponent

        return GcsStorageComponent(storage, settings.cluster, live, opts).binding
    if storage.kind == "swift":
        from components.swift import SwiftStorageComponent

        return SwiftStorageComponent(storage, settings.cluster, live, opts).binding
    if storage.kind == "azure":
        from components.azure_storage import AzureStorageComponent

        return AzureStorageComponent(storage, settings.cluster, live, opts).binding
    if storage.kind == "objectBucketClaim":
        from components.object_bucket_claim import ObjectBucketClaimComponent

        name = settings.cluster.name
        return ObjectBucketClaimComponent(storage, name, access, live, opts).binding
    from components.claim import ClaimStorageComponent

    return ClaimStorageComponent(storage, settings.cluster.name, live, opts).binding
