"""What the live cluster says of itself, as far as it could be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ObjectFacts:
    """What is the same for every live object that a stack may make or adopt."""

    labels: Mapping[str, str]
    annotations: tuple[str, ...]
    """The keys alone: a value may repeat what the object holds."""

    def made_for(self, cluster: str) -> bool:
        """Was it made by the stack of this cluster?"""
        return labels(cluster).items() <= self.labels.items()


@dataclass(frozen=True)
class ClaimFacts(ObjectFacts):
    """A live PersistentVolumeClaim of openshift-image-registry."""

    access_modes: tuple[str, ...]
    volume_mode: str
    storage_class: str | None
    size: str | None
    """What it has, or asks for as long as it has nothing."""
    leaving: bool
    """It is being deleted, and something still holds it."""


@dataclass(frozen=True)
class StorageClassFacts(ObjectFacts):
    """A live StorageClass."""

    provisioner: str
    parameters: Mapping[str, str]
    reclaim_policy: str
    volume_binding_mode: str


def labels(cluster: str) -> dict[str, str]:
    """What an object made here carries: Kubernetes' recommended labels."""
    return {
        "app.kubernetes.io/managed-by": "openshift-registry",
        "app.kubernetes.io/instance": cluster,
    }


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

    def owners(self, path: tuple[str, ...]) -> set[tuple[str, str]]:
        """Who owns a field of the live spec, as (manager, operation): `Apply` or `Update`."""
        entries = (self.config or {}).get("metadata", {}).get("managedFields") or []
        return {
            (entry.get("manager", ""), entry.get("operation", ""))
            for entry in entries
            if _holds((entry.get("fieldsV1") or {}).get("f:spec"), path)
        }


def _holds(node: Any, path: tuple[str, ...]) -> bool:
    for depth, key in enumerate(path):
        if not isinstance(node, Mapping):
            return False
        if depth and not node:
            return True  # an atomic parent is owned as a whole
        node = node.get(f"f:{key}")
    return node is not None
