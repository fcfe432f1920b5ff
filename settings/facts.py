"""What the live cluster says of itself, as far as it could be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from settings.authorities import Authority


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
    """What it asks for; its volume may have more."""
    leaving: bool
    """It is being deleted, and something still holds it."""
    volume: str | None = None
    """The volume that it is bound to, or asks for."""
    lost: bool = False
    """It was bound to a volume that is gone."""


@dataclass(frozen=True)
class StorageClassFacts(ObjectFacts):
    """A live StorageClass."""

    provisioner: str
    parameters: Mapping[str, str]
    reclaim_policy: str
    volume_binding_mode: str
    default: bool = False
    """A claim that names no class gets this one."""


@dataclass(frozen=True)
class VolumeFacts(ObjectFacts):
    """A live PersistentVolume."""

    size: str | None
    access_modes: tuple[str, ...]
    volume_mode: str
    storage_class: str
    reclaim_policy: str
    source: Mapping[str, Any]
    """The key of the kind of volume and its block, as in `{"nfs": {...}}`."""
    claim: tuple[str, str] | None
    """Namespace and name of the claim that it is bound to or kept for."""
    phase: str
    leaving: bool = False
    """It is being deleted, and something still holds it."""
    nodes: tuple[str, ...] = ()
    """Host names of the nodes that it is tied to."""


@dataclass(frozen=True)
class NamespaceFacts(ObjectFacts):
    """A live Namespace."""

    leaving: bool = False
    """It is being deleted, and takes nothing new."""


@dataclass(frozen=True)
class ConfigMapFacts(ObjectFacts):
    """A live ConfigMap of openshift-config."""

    data: Mapping[str, str]
    immutable: bool = False
    """The API server takes no change of `data` any more."""


@dataclass(frozen=True)
class SecretFacts(ObjectFacts):
    """A live Secret of openshift-image-registry, without what is secret in it."""

    type: str
    keys: tuple[str, ...]
    certificates: str | None
    """The text of `tls.crt`, which every client of the route is shown."""
    authorities: str | None = None
    """The text of `tls.cacrt`, which clients are shown too."""
    immutable: bool = False
    """The API server takes no change of its data any more."""
    access_key: str | None = field(default=None, repr=False)
    """REGISTRY_STORAGE_S3_ACCESSKEY, the ID of the private key in REGISTRY_STORAGE_GCS_KEYFILE, or
    the ID of an application credential. Only compared: somebody may have swapped it with the
    other."""


@dataclass(frozen=True)
class BucketClaimFacts(ObjectFacts):
    """A live ObjectBucketClaim."""

    storage_class: str | None
    bound: bool
    bucket: str | None
    """The bucket that the provisioner has made for it."""
    leaving: bool = False
    """It is being deleted, and something still holds it."""


@dataclass(frozen=True)
class NodeFacts:
    """A live Node."""

    name: str
    labels: Mapping[str, str]
    taints: tuple[Mapping[str, Any], ...]
    """Those that keep off what does not tolerate them."""


@dataclass(frozen=True)
class RouteFacts:
    """A live Route of any namespace."""

    namespace: str
    name: str
    host: str
    operators: bool
    """Made by the image registry's operator."""
    tls: bool = True
    """It is served with TLS."""


def labels(cluster: str) -> dict[str, str]:
    """What an object made here carries: Kubernetes' recommended labels."""
    return {
        "app.kubernetes.io/managed-by": "openshift-registry",
        "app.kubernetes.io/instance": cluster,
    }


@dataclass(frozen=True)
class Patched:
    """A live object that every cluster has one of and that a stack only patches."""

    live: Mapping[str, Any] | None = None
    """None when it was not read. Of configs/cluster without its httpSecret."""
    absent: bool = False
    """The API server answered that there is no such object, or no such kind."""

    @property
    def spec(self) -> Mapping[str, Any]:
        return (self.live or {}).get("spec") or {}

    @property
    def leaving(self) -> bool:
        """It is being deleted."""
        return "deletionTimestamp" in (self.live or {}).get("metadata", {})

    def owners(self, path: tuple[str, ...]) -> set[tuple[str, str]]:
        """Who owns a field of the live spec, as (manager, operation): `Apply` or `Update`."""
        return {
            _manager(entry)
            for entry in self._entries
            if _holds((entry.get("fieldsV1") or {}).get("f:spec"), path)
        }

    def annotation(self, key: str) -> str | None:
        return ((self.live or {}).get("metadata", {}).get("annotations") or {}).get(key)

    def known_to(self, manager: str) -> bool:
        """Has this manager applied anything to it?"""
        return (manager, "Apply") in map(_manager, self._entries)

    def applied_by(self, manager: str) -> list[tuple[str, ...]]:
        """The paths of the spec, to their ends, that this manager owns by server-side apply."""
        return [
            path
            for entry in self._entries
            if _manager(entry) == (manager, "Apply")
            for path in _paths((entry.get("fieldsV1") or {}).get("f:spec") or {}, ())
        ]

    @property
    def _entries(self) -> list[Mapping[str, Any]]:
        return (self.live or {}).get("metadata", {}).get("managedFields") or []


def _manager(entry: Mapping[str, Any]) -> tuple[str, str]:
    return entry.get("manager", ""), entry.get("operation", "")


@dataclass(frozen=True)
class LiveFacts:
    """One reading of the cluster, made before anything is planned.

    Of what was asked for by name, a mapping holds None where there is no such object, and
    nothing where it could not be read. Another field is None when it could not be read or
    was not asked for; `unread` says what could not, one sentence each.
    """

    infrastructure_name: str | None = None
    platform: str | None = None
    version: str | None = None
    single_node: bool = False
    """The infrastructure is that of a cluster of one node."""
    config: Patched = Patched()
    """configs.imageregistry.operator.openshift.io/cluster"""
    image: Patched = Patched()
    """images.config.openshift.io/cluster"""
    pruner: Patched = Patched()
    """imagepruners.imageregistry.operator.openshift.io/cluster"""
    no_proxy: str | None = None
    """What proxy/cluster gives to everything in the cluster."""
    storage_classes: Mapping[str, StorageClassFacts] | None = None
    """All of them, by name."""
    claims: Mapping[str, ClaimFacts | None] = field(default_factory=dict)
    volumes: Mapping[str, VolumeFacts | None] = field(default_factory=dict)
    config_maps: Mapping[str, ConfigMapFacts | None] = field(default_factory=dict)
    secrets: Mapping[str, SecretFacts | None] = field(default_factory=dict)
    cluster_roles: Mapping[str, ObjectFacts | None] = field(default_factory=dict)
    namespaces: Mapping[str, NamespaceFacts | None] = field(default_factory=dict)
    nodes: tuple[NodeFacts, ...] | None = None
    """All of them."""
    routes: tuple[RouteFacts, ...] | None = None
    """All of them, of every namespace."""
    bucket_claims: Mapping[str, BucketClaimFacts | None] = field(default_factory=dict)
    endpoint_routes: Mapping[str, RouteFacts | None] = field(default_factory=dict)
    """The route by which a bucket is reached."""
    authorities: Mapping[Authority, str | None] = field(default_factory=dict)
    """The text of each that was asked for; None where the cluster publishes none."""
    service_account_issuer: str | None = None
    """Who vouches for the cluster's service accounts; empty when that is the cluster itself."""
    unread: tuple[str, ...] = ()

    @property
    def backends(self) -> dict[str, Mapping[str, Any]]:
        """The storage backends the live custom resource names: one, in a healthy cluster."""
        storage = self.config.spec.get("storage") or {}
        return {
            name: block or {}
            for name, block in storage.items()
            if name != "managementState" and block is not None
        }


def _paths(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    fields = [key for key in node if key.startswith("f:")] if isinstance(node, Mapping) else []
    for key in fields:
        yield from _paths(node[key], (*path, key.removeprefix("f:")))
    if path and not fields:
        yield path


def _holds(node: Any, path: tuple[str, ...]) -> bool:
    for depth, key in enumerate(path):
        if not isinstance(node, Mapping):
            return False
        if depth and not node:
            return True  # an atomic parent is owned as a whole
        node = node.get(f"f:{key}")
    return node is not None
