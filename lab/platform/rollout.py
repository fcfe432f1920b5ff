"""The deployment controller: a Deployment's status without pods.

A rollout takes no time here: all replicas are of the present generation at once.
"""

import math
from datetime import UTC, datetime

from lab.kinds import Object
from lab.platform.kubelet import Surroundings, ready


def status(deployment: Object, around: Surroundings, now: datetime) -> Object:
    """The Deployment's status (k8s.io/kubernetes pkg/controller/deployment)."""
    wanted = deployment["spec"].get("replicas", 1)
    running = ready(deployment, around)
    before = deployment.get("status", {})
    counts = {
        "replicas": wanted,
        "updatedReplicas": wanted,
        "readyReplicas": running,
        "availableReplicas": running,
        "unavailableReplicas": wanted - running,
    }
    after: Object = {key: value for key, value in counts.items() if value}
    after["observedGeneration"] = deployment["metadata"]["generation"]
    enough = running >= wanted - _max_unavailable(deployment)
    conditions = {each["type"]: each for each in before.get("conditions", [])}
    moved = before.get("observedGeneration") != after["observedGeneration"] or running > before.get(
        "readyReplicas", 0
    )
    progress = _progress(deployment, conditions.get("Progressing"), running == wanted, moved, now)
    availability = (
        ("True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
        if enough
        else (
            "False",
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
        )
    )
    after["conditions"] = [
        _condition("Available", *availability, conditions.get("Available"), now),
        _condition("Progressing", *progress, conditions.get("Progressing"), now, moved),
    ]
    return after


def deadline(deployment: Object, now: datetime) -> float | None:
    """Seconds until a rollout that does not progress has timed out, or None."""
    for each in deployment.get("status", {}).get("conditions", []):
        if each["type"] == "Progressing" and each["reason"] == "ReplicaSetUpdated":
            return max(0.1, _limit(deployment) - _age(each, now) + 0.1)
    return None


Judged = tuple[str, str, str]


def _progress(
    deployment: Object, before: Object | None, complete: bool, moved: bool, now: datetime
) -> Judged:
    name = deployment["metadata"]["name"]
    if complete:
        return (
            "True",
            "NewReplicaSetAvailable",
            f'ReplicaSet for "{name}" has successfully progressed.',
        )
    if before is None or moved:
        return "True", "ReplicaSetUpdated", f'ReplicaSet for "{name}" is progressing.'
    if before["reason"] == "ReplicaSetUpdated" and _age(before, now) > _limit(deployment):
        return (
            "False",
            "ProgressDeadlineExceeded",
            f'ReplicaSet for "{name}" has timed out progressing.',
        )
    # What was complete once does not time out: it is unavailable, not stuck.
    return before["status"], before["reason"], before["message"]


def _limit(deployment: Object) -> float:
    return deployment["spec"].get("progressDeadlineSeconds", 600)


def _age(condition: Object, now: datetime) -> float:
    return (now - datetime.fromisoformat(condition["lastUpdateTime"])).total_seconds()


def _max_unavailable(deployment: Object) -> int:
    rolling = deployment["spec"].get("strategy", {}).get("rollingUpdate") or {}
    value = rolling.get("maxUnavailable", 0)
    if isinstance(value, str):
        return math.floor(deployment["spec"].get("replicas", 1) * int(value.rstrip("%")) / 100)
    return value


def _condition(
    kind: str,
    state: str,
    reason: str,
    message: str,
    before: Object | None,
    now: datetime,
    moved: bool = False,
) -> Object:
    stamp = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    before = before or {}
    same = before.get("status") == state
    unchanged = same and before.get("reason") == reason and not moved
    return {
        "type": kind,
        "status": state,
        "reason": reason,
        "message": message,
        "lastTransitionTime": before["lastTransitionTime"] if same else stamp,
        "lastUpdateTime": before["lastUpdateTime"] if unchanged else stamp,
    }
