"""The ConfigMap with the CAs of other registries, to which image.config refers."""

from pulumi import ResourceOptions

from components.ca_map import ca_map
from components.kubernetes_object import KubernetesObject
from settings.facts import LiveFacts
from settings.trust import MapSettings


def trusted_ca(
    wanted: MapSettings, cluster: str, live: LiveFacts, opts: ResourceOptions
) -> KubernetesObject | None:
    """Make or adopt the map; None for one that is only used."""
    data = {} if wanted.mode == "use" else wanted.certificates
    return ca_map(wanted, data, cluster, live.config_maps.get(wanted.name), opts)
