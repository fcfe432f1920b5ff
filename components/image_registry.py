"""The image registry of one cluster: its storage, and the operator's custom resource.

Makes what the stack file says: storage through its backend, then the patch of
configs/cluster. Refuses to make configs/cluster itself, to touch a field the stack file
doesn't set or the storage doesn't demand, and to take over storage that isn't named.
"""

import inspect

import pulumi
from pulumi import ComponentResource, Output, ResourceOptions
from pulumi_kubernetes import Provider

from cluster.kubeconfig import ClusterAccess
from components.binding import StorageBinding
from components.confirm import confirm
from components.registry_patch import registry_patch
from components.switch import switch_hook
from settings import StackSettings
from settings.facts import LiveFacts
from settings.operator_spec import operator_spec


class ImageRegistry(ComponentResource):
    """All of one cluster's registry.

    `access` is None when a preview has no kubeconfig, `live` when it could not be read.
    """

    def __init__(
        self, settings: StackSettings, access: ClusterAccess | None, live: LiveFacts | None
    ) -> None:
        name = settings.cluster.name
        super().__init__("openshift-registry:index:ImageRegistry", name, None)
        provider = Provider(
            name,
            # Never the ambient one: the plugin would find its own and may find another.
            kubeconfig=Output.secret(access.content if access else NO_CLUSTER),
            # Only this identity replaces resources; a new token or address does not.
            cluster_identifier=settings.cluster.infrastructure_name,
            enable_server_side_apply=True,
            enable_secret_mutable=True,
            **UPSERT,
            opts=ResourceOptions(parent=self),
        )
        child = ResourceOptions(parent=self, provider=provider)
        binding = storage_binding(settings, live or LiveFacts(), child)
        replaces = settings.storage.replaces if settings.storage else None
        made_by = list(binding.made_by) if binding else []
        spec = operator_spec(
            settings,
            binding.backend if binding else None,
            binding.demands if binding else {},
        )
        patch = registry_patch(
            spec,
            switch_hook(access, replaces),
            ResourceOptions.merge(child, ResourceOptions(depends_on=made_by)),
        )
        if access is not None and not pulumi.runtime.is_dry_run():
            confirm(patch, access, {key: spec[key] for key in sorted(spec.keys() & CONFIRMED)})
        self.register_outputs({"config": patch.metadata})


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
    settings: StackSettings, live: LiveFacts, opts: ResourceOptions
) -> StorageBinding | None:
    """The chosen backend's binding; None when the cluster's own storage is left alone."""
    storage = settings.storage
    if storage is None:
        return None
    # Imported here: a stack loads the SDK of its own platform and no other.
    if storage.kind == "claim":
        from components.claim import ClaimStorageComponent

        return ClaimStorageComponent(storage, settings.cluster.name, live, opts).binding
    raise NotImplementedError(storage.kind)
