"""The registry's Deployment (pkg/resource/deployment.go)."""

import hashlib
import json

from lab.kinds import Object
from lab.operator import names
from lab.operator.pod import pod_spec
from lab.operator.storage.driver import Driver
from lab.operator.world import World
from lab.pods import references

PROGRESS_DEADLINE = 60
"""Seconds, up to 4.21."""


def deployment(config: Object, driver: Driver, world: World) -> Object:
    """What the cluster should run. Raises SyncError."""
    spec = config["spec"]
    pod = pod_spec(spec, driver, world)
    management = '{"effect": "PreferredDuringScheduling"}'
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": names.REGISTRY,
            "namespace": names.NAMESPACE,
            "labels": dict(names.LABELS),
            "annotations": {names.VERSION_ANNOTATION: world.version},
        },
        "spec": {
            "progressDeadlineSeconds": PROGRESS_DEADLINE,
            "replicas": spec.get("replicas", 0),
            "selector": {"matchLabels": names.LABELS},
            "strategy": _strategy(spec),
            "template": {
                "metadata": {
                    "labels": names.LABELS,
                    "annotations": {
                        "target.workload.openshift.io/management": management,
                        names.DEPENDENCIES_CHECKSUM: _dependencies(pod, world),
                    },
                },
                "spec": pod,
            },
        },
    }


def _strategy(spec: Object) -> Object:
    """With RollingUpdate all but one replica may be away while hosts are full; two always swap."""
    kind = spec.get("rolloutStrategy") or "RollingUpdate"
    if kind != "RollingUpdate":
        return {"type": kind}
    replicas = spec.get("replicas", 0)
    limits = (1, 1) if replicas == 2 else (replicas - 1, "25%")
    return {"type": kind, "rollingUpdate": {"maxUnavailable": limits[0], "maxSurge": limits[1]}}


def _dependencies(pod: Object, world: World) -> str:
    """A changed secret or map must roll the pods (pkg/resource/dependencies.go)."""
    content = [
        [name, found.get("data")]
        for kind, known in (("configMap", world.config_maps), ("secret", world.secrets))
        for name in sorted(references(pod, kind))
        if (found := known.get(name)) is not None
    ]
    return checksum(content)


def checksum(content: object) -> str:
    return "sha256:" + hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
