"""The nodes of a fresh cluster."""

from lab.kinds import Object
from lab.openshift.profile import Profile
from lab.openshift.scoped import INSTALLED, cluster_scoped


def nodes(profile: Profile) -> list[Object]:
    """Three control plane nodes, tainted, and a worker per zone."""
    prefix = profile.infrastructure_name
    masters = [_node(f"{prefix}-master-{n}", "master", {}) for n in range(3)]
    workers = [
        _node(
            f"{prefix}-worker-{n}",
            "worker",
            dict.fromkeys(profile.zone_labels, zone) if zone else {},
        )
        for n, zone in enumerate(profile.zones)
    ]
    return masters + workers


def _node(name: str, role: str, zone: dict[str, str]) -> Object:
    prefix = "node-role.kubernetes.io"
    roles = ("master", "control-plane") if role == "master" else (role,)
    labels = {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        **{f"{prefix}/{each}": "" for each in roles},
        **zone,
    }
    taints = [{"key": f"{prefix}/master", "effect": "NoSchedule"}] if role == "master" else []
    document = cluster_scoped("v1", "Node", name, spec={"taints": taints})
    document["metadata"]["labels"] = labels
    ready = {
        "type": "Ready",
        "status": "True",
        "reason": "KubeletReady",
        "message": "kubelet is posting ready status",
        "lastHeartbeatTime": INSTALLED,
        "lastTransitionTime": INSTALLED,
    }
    return {**document, "status": {"conditions": [ready]}}
