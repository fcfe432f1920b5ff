"""Looking at a live lab, with patience."""

import time
from collections.abc import Callable
from typing import Any

from lightkube import Client
from lightkube.core.exceptions import ApiError
from lightkube.types import PatchType

from lab import kinds
from lab.kinds import Object
from tests.lab.operator.objects import condition

REGISTRY = "openshift-image-registry"
PATIENCE = 20


def wait(look: Callable[[], Any], what: str) -> Any:
    """What `look` finds, once it is something."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            found = look()
        except ApiError:
            found = None
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {PATIENCE} s: {what}")


def patch(client: Client, spec: Object, kind: Any = kinds.Config) -> Object:
    """Merge `spec` into configs/cluster, or into another kind's `cluster`."""
    return client.patch(kind, "cluster", {"spec": spec}, patch_type=PatchType.MERGE)


def settled(client: Client, kind: str, status: str, reason: str, of: Any = kinds.Config) -> Object:
    """configs/cluster once the operator has seen its present spec and the condition is that."""

    def look() -> Object | None:
        live = client.get(of, "cluster")
        observed = live.get("status", {}).get("observedGeneration", 0)
        if observed < live["metadata"]["generation"]:
            return None
        return live if condition(live, kind)[:2] == (status, reason) else None

    return wait(look, f"{kind}={status} {reason}")


def published(client: Client, kind: str, status: str, reason: str) -> tuple[str, str, str]:
    """That condition of the ClusterOperator, which follows configs/cluster a moment later."""

    def look() -> tuple[str, str, str] | None:
        found = condition(client.get(kinds.ClusterOperator, "image-registry"), kind)
        return found if found[:2] == (status, reason) else None

    return wait(look, f"ClusterOperator {kind}={status} {reason}")


def phase(client: Client, name: str) -> str:
    """Of a claim of the registry's namespace."""
    found = client.get(kinds.PersistentVolumeClaim, name, namespace=REGISTRY)
    return found["status"]["phase"]


def gone(client: Client, kind: Any, name: str) -> bool:
    try:
        client.get(kind, name, namespace=REGISTRY)
    except ApiError as error:
        return error.status.code == 404
    return False
