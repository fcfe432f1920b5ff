"""The fields of configs.imageregistry.operator.openshift.io/cluster that a stack owns."""

from collections.abc import Mapping
from typing import Any

from settings import StackSettings


def operator_spec(
    settings: StackSettings,
    backend: Mapping[str, Mapping[str, Any]] | None,
    demands: Mapping[str, Any],
) -> dict[str, Any]:
    """Exactly what the user set, what the storage demands, and the two that are always written.

    `backend` is one key of `spec.storage` with its block, or None to leave the cluster's own
    storage alone. The storage is always `Unmanaged`: under `Managed` the operator overwrites
    encryption and lifecycle settings, and deletes the storage when the registry is set to
    `Removed` (guide 2.5, `spec.storage.managementState`).
    """
    exposed = settings.exposure.spec() if settings.exposure else {}
    own = settings.registry.spec(log_levels=settings.cluster.minor >= (4, 6))
    spec: dict[str, Any] = {**demands, **own, **exposed}
    if settings.effective_replicas is not None:
        spec["replicas"] = settings.effective_replicas
    if backend is not None:
        spec["storage"] = {"managementState": "Unmanaged", **backend}
    return spec
