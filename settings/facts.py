"""What the live cluster says of itself, as far as it could be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ClaimFacts:
    """A live PersistentVolumeClaim of openshift-image-registry."""

    access_modes: tuple[str, ...]
    volume_mode: str
    storage_class: str | None
    managed_by: str | None
    """Label app.kubernetes.io/managed-by."""
    instance: str | None
    """Label app.kubernetes.io/instance: which cluster's stack made it."""


@dataclass(frozen=True)
class StorageClassFacts:
    """A live StorageClass."""

    provisioner: str
    parameters: Mapping[str, str]
    reclaim_policy: str
    volume_binding_mode: str
    managed_by: str | None
    instance: str | None


@dataclass(frozen=True)
class LiveFacts:
    """One reading of the cluster, made before anything is planned.

    A field is None when it could not be read; `unread` then says why, one sentence each.
    """

    infrastructure_name: str | None = None
    platform: str | None = None
    version: str | None = None
    config: Mapping[str, Any] | None = None
    """configs.imageregistry.operator.openshift.io/cluster without its httpSecret."""
    config_absent: bool = False
    """The API server answered that there is no such object, or no such kind."""
    claims: Mapping[str, ClaimFacts | None] = field(default_factory=dict)
    """Claims that were asked for, by name; None for one that is not there."""
    storage_classes: Mapping[str, StorageClassFacts | None] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    @property
    def spec(self) -> Mapping[str, Any]:
        return (self.config or {}).get("spec") or {}

    @property
    def backends(self) -> dict[str, Mapping[str, Any]]:
        """The storage backends the live custom resource names: one, in a healthy cluster."""
        storage = self.spec.get("storage") or {}
        return {
            name: block or {}
            for name, block in storage.items()
            if name != "managementState" and block is not None
        }
