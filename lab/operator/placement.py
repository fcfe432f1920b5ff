"""Where the registry's pods may run (pkg/resource/podtemplatespec.go)."""

from lab.kinds import Object
from lab.operator import names
from lab.operator.world import World

ZONE = "topology.kubernetes.io/zone"
WORKER = "node-role.kubernetes.io/worker"
HOSTNAME = "kubernetes.io/hostname"


def affinity(spec: Object) -> Object | None:
    """Two replicas must not share a host, unless the user has other wishes."""
    if spec.get("affinity") is not None:
        return spec["affinity"]
    if spec.get("replicas") != 2:
        return None
    term = {
        "topologyKey": HOSTNAME,
        "namespaces": [names.NAMESPACE],
        "labelSelector": {"matchLabels": names.LABELS},
    }
    return {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}


def spread(spec: Object, world: World) -> list[Object]:
    """The user's constraints replace the defaults; a node selector drops them."""
    if spec.get("topologySpreadConstraints") is not None:
        return spec["topologySpreadConstraints"]
    if spec.get("nodeSelector") is not None:
        return []
    zoned = any(ZONE in node["metadata"].get("labels", {}) for node in world.nodes)
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "DoNotSchedule",
            "labelSelector": {"matchLabels": names.LABELS},
        }
        for key in (HOSTNAME, WORKER, *((ZONE,) if zoned else ()))
    ]
