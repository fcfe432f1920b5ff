"""A ConfigMap with CAs in openshift-config, the only namespace where whoever reads one looks."""

from collections.abc import Mapping
from typing import Any

from pulumi import ResourceOptions

from components.kubernetes_object import KubernetesObject
from components.ownership import adoption, metadata
from settings.facts import ConfigMapFacts
from settings.names import CONFIG_NAMESPACE


def ca_map(
    wanted: Any,
    data: Mapping[str, str],
    cluster: str,
    live: ConfigMapFacts | None,
    opts: ResourceOptions,
) -> KubernetesObject | None:
    """Make or adopt the map that a settings form describes; None for one that is only used.

    It is retained like what refers to it: a reference to nothing stops the operator. It holds
    no secret; the settings refuse a private key in it.
    """
    if wanted.mode == "use":
        return None
    owned = metadata(wanted, cluster, CONFIG_NAMESPACE)
    kept = ResourceOptions(retain_on_delete=True)
    if wanted.mode == "adopt":
        kept = ResourceOptions.merge(kept, adoption(owned, live, ["binaryData", "immutable"]))
    properties = {"metadata": owned, "data": dict(data)}
    return KubernetesObject(
        "core/v1", "v1", "ConfigMap", wanted.name, properties, ResourceOptions.merge(opts, kept)
    )
