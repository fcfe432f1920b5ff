"""The StorageClass of a claim."""

from pulumi import ResourceOptions

from components.kubernetes_object import KubernetesObject
from components.ownership import adoption, metadata
from settings.claim import StorageClassSettings
from settings.facts import StorageClassFacts

IMMUTABLE = ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"]


def storage_class(
    wanted: StorageClassSettings,
    cluster: str,
    live: StorageClassFacts | None,
    opts: ResourceOptions,
) -> KubernetesObject | None:
    """Make or adopt the class; None for one that is only used.

    Kubernetes refuses to change what `IMMUTABLE` lists. A live class that differs in it is
    refused before the plan (it takes a new name, and the claim keeps the volume it has); a
    plan without a cluster at least never shows it as an update. The class is retained like
    the claim that refers to it: without it the volume could not be expanded.
    """
    if wanted.mode == "use":
        return None
    owned = metadata(wanted, cluster)
    kept = ResourceOptions(retain_on_delete=True, replace_on_changes=IMMUTABLE)
    if wanted.mode == "adopt":
        kept = ResourceOptions.merge(kept, adoption(owned, live, _left_alone(wanted)))
    properties = {
        "metadata": owned,
        "provisioner": wanted.provisioner,
        "parameters": dict(wanted.parameters) or None,
        "reclaimPolicy": wanted.reclaim_policy,
        "volumeBindingMode": wanted.volume_binding_mode,
        "allowVolumeExpansion": wanted.allow_volume_expansion,
        "mountOptions": list(wanted.mount_options) or None,
    }
    return KubernetesObject(
        "storage.k8s.io/v1",
        "storage.k8s.io/v1",
        "StorageClass",
        wanted.name,
        properties,
        ResourceOptions.merge(opts, kept),
    )


def _left_alone(wanted: StorageClassSettings) -> list[str]:
    """What an adopted class has and the stack file doesn't say."""
    unsaid = {
        "allowVolumeExpansion": wanted.allow_volume_expansion is None,
        "mountOptions": not wanted.mount_options,
    }
    return ["allowedTopologies", *(field for field, left in unsaid.items() if left)]
