"""The ConfigMap with the CAs of other registries, in openshift-config."""

from pulumi import ResourceOptions

from components.kubernetes_object import KubernetesObject
from components.ownership import adoption, metadata
from settings.facts import LiveFacts
from settings.names import CONFIG_NAMESPACE
from settings.trust import MapSettings

"""The only namespace where image.config looks."""


def trusted_ca(
    wanted: MapSettings, cluster: str, live: LiveFacts, opts: ResourceOptions
) -> KubernetesObject | None:
    """Make or adopt the map; None for one that is only used.

    It is retained like the image.config that refers to it: a reference to nothing stops the
    operator. It holds no secret.
    """
    if wanted.mode == "use":
        return None
    owned = metadata(wanted, cluster, CONFIG_NAMESPACE)
    kept = ResourceOptions(retain_on_delete=True)
    if wanted.mode == "adopt":
        found = live.config_maps.get(wanted.name)
        kept = ResourceOptions.merge(kept, adoption(owned, found, ["binaryData", "immutable"]))
    return KubernetesObject(
        "core/v1",
        "v1",
        "ConfigMap",
        wanted.name,
        {"metadata": owned, "data": dict(wanted.certificates)},
        ResourceOptions.merge(opts, kept),
    )
