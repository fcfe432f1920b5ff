"""The conditions of the operator's configuration (pkg/operator/status.go, release 4.15)."""

from collections.abc import Sequence
from datetime import UTC, datetime

from lab.kinds import Object
from lab.operator.errors import PermanentError, SyncError

INERTIA = 60.0
"""Seconds of being unavailable until the real operator says Degraded, up to 4.22."""


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_since(timestamp: str) -> float:
    then = datetime.fromisoformat(timestamp)
    return (datetime.now(UTC) - then).total_seconds()


def find(conditions: Sequence[Object], kind: str) -> Object | None:
    return next((each for each in conditions if each["type"] == kind), None)


def put(config: Object, kind: str, status: str, reason: str, message: str) -> None:
    """Set one condition; its transition time moves only with its status (`updateCondition`)."""
    conditions = config.setdefault("status", {}).setdefault("conditions", [])
    old = find(conditions, kind)
    same = old is not None and old["status"] == status
    # Empty fields are left out, as the API's own types do.
    texts = {key: text for key, text in (("reason", reason), ("message", message)) if text}
    new = {
        "type": kind,
        "status": status,
        **texts,
        "lastTransitionTime": old["lastTransitionTime"] if same else now(),
    }
    if old is None:
        conditions.append(new)
    else:
        conditions[conditions.index(old)] = new


def put_storage_exists(config: Object, status: str, reason: str, message: str = "") -> None:
    put(config, "StorageExists", status, reason, message)


def put_overall(
    config: Object,
    deployment: Object | None,
    routes: Sequence[Object],
    error: SyncError | None,
    inertia: float = INERTIA,
) -> None:
    """Available, Progressing, Degraded and Removed, and readyReplicas (`syncStatus`)."""
    state = config["spec"].get("managementState")
    available = _available(state, deployment, error)
    put(config, "Available", *available)
    put(config, "Progressing", *_progressing(state, deployment, error))
    since = find(config["status"]["conditions"], "Available")["lastTransitionTime"]
    overdue = seconds_since(since) > inertia
    put(config, "Degraded", *_degraded(state, available, overdue, deployment, routes, error))
    removed = state == "Removed"
    put(
        config,
        "Removed",
        "True" if removed else "False",
        "Removed" if removed else "",
        "The registry is removed" if removed else "",
    )
    ready = (deployment or {}).get("status", {}).get("readyReplicas", 0)
    config["status"]["readyReplicas"] = ready


Judged = tuple[str, str, str]
"""status, reason, message"""

_UNMANAGED = ("Unmanaged", "The registry configuration is set to unmanaged mode")


def _available(state: str | None, deployment: Object | None, error: SyncError | None) -> Judged:
    if state == "Unmanaged":
        return "True", *_UNMANAGED
    if deployment is None:
        if isinstance(error, PermanentError):
            return "False", error.reason, f"Error: {error}"
        if state == "Removed":
            return "True", "Removed", "The registry is removed"
        return "False", "DeploymentNotFound", "The deployment does not exist"
    if deployment["metadata"].get("deletionTimestamp"):
        return "False", "DeploymentDeleted", "The deployment is being deleted"
    if not deployment.get("status", {}).get("availableReplicas"):
        message = "The deployment does not have available replicas"
        return "False", "NoReplicasAvailable", message
    if not complete(deployment):
        return "True", "MinimumAvailability", "The registry has minimum availability"
    return "True", "Ready", "The registry is ready"


def _progressing(state: str | None, deployment: Object | None, error: SyncError | None) -> Judged:
    if state == "Unmanaged":
        return "False", *_UNMANAGED
    if state == "Removed":
        if deployment is not None:
            return "True", "DeletingDeployment", "The deployment is being removed"
        return "False", "Removed", "All registry resources are removed"
    if error is not None:
        status = "False" if isinstance(error, PermanentError) else "True"
        return status, "Error", f"Unable to apply resources: {error}"
    if deployment is None:
        message = "All resources are successfully applied, but the deployment does not exist"
        return "True", "WaitingForDeployment", message
    if deployment["metadata"].get("deletionTimestamp"):
        return "True", "FinalizingDeployment", "The deployment is being deleted"
    if not complete(deployment):
        return "True", "DeploymentNotCompleted", "The deployment has not completed"
    return "False", "Ready", "The registry is ready"


def _degraded(
    state: str | None,
    available: Judged,
    overdue: bool,
    deployment: Object | None,
    routes: Sequence[Object],
    error: SyncError | None,
) -> Judged:
    if state == "Unmanaged":
        return "False", *_UNMANAGED
    if isinstance(error, PermanentError):
        return "True", error.reason, f"Error: {error}"
    if state == "Removed":
        return "False", "Removed", "The registry is removed"
    if available[0] != "True":
        return ("True", "Unavailable", available[2]) if overdue else ("False", "", "")
    if not complete(deployment or {}):
        return _timed_out(deployment or {})
    refused = _refused_routes(routes)
    return ("True", "RouteDegraded", refused) if refused else ("False", "", "")


def complete(deployment: Object) -> bool:
    """All replicas are of the present generation and available (`isDeploymentStatusComplete`)."""
    wanted = deployment.get("spec", {}).get("replicas", 1)
    status = deployment.get("status", {})
    counts = ("updatedReplicas", "replicas", "availableReplicas")
    return all(status.get(each, 0) == wanted for each in counts) and status.get(
        "observedGeneration", 0
    ) >= deployment.get("metadata", {}).get("generation", 0)


def _timed_out(deployment: Object) -> Judged:
    progress = find(deployment.get("status", {}).get("conditions", []), "Progressing") or {}
    if progress.get("reason") != "ProgressDeadlineExceeded":
        return "False", "", ""
    message = f"Registry deployment has timed out progressing: {progress.get('message', '')}"
    return "True", "ProgressDeadlineExceeded", message


def _refused_routes(routes: Sequence[Object]) -> str:
    """`checkRoutesStatus`: every router that did not admit one of the registry's routes."""
    return ",".join(
        f"route {route['metadata']['name']} (host {ingress.get('host', '')}, "
        f"router {ingress.get('routerName', '')}) not admitted: {condition.get('message', '')}"
        for route in routes
        for ingress in route.get("status", {}).get("ingress", [])
        for condition in ingress.get("conditions", [])
        if condition["type"] == "Admitted" and condition["status"] != "True"
    )
