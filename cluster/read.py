"""Read from the live cluster what a plan has to agree with. One client, a handful of GETs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from cluster import facts
from cluster.kubeconfig import ClusterAccess
from cluster.reader import Reader
from settings.authorities import Authority
from settings.facts import LiveFacts, NodeFacts, Patched, RouteFacts
from settings.names import CONFIG_NAMESPACE, NAMESPACE
from settings.questions import Questions

P = TypeVar("P", bound=tuple)

PLURALS = {
    "ClusterRole": "clusterroles",
    "ClusterRoleBinding": "clusterrolebindings",
    "ConfigMap": "configmaps",
    "ObjectBucketClaim": "objectbucketclaims",
    "PersistentVolume": "persistentvolumes",
    "PersistentVolumeClaim": "persistentvolumeclaims",
    "RoleBinding": "rolebindings",
    "Secret": "secrets",
    "StorageClass": "storageclasses",
}
CONFIG = ("imageregistry.operator.openshift.io/v1", "configs")
IMAGE = ("config.openshift.io/v1", "images")
PRUNER = ("imageregistry.operator.openshift.io/v1", "imagepruners")
ROUTES = ("route.openshift.io/v1", "routes")
BUCKET_CLAIMS = ("objectbucket.io/v1alpha1", "objectbucketclaims")


def read(access: ClusterAccess, questions: Questions) -> LiveFacts:
    """Everything that the settings are checked against.

    Raises `Unreachable` when the API server does not answer at all; a single read
    that is forbidden or fails is named in `LiveFacts.unread`.
    """
    reader = Reader(access)
    infrastructure = reader.must("config.openshift.io/v1", "infrastructures", "cluster")
    version = reader.must("config.openshift.io/v1", "clusterversions", "version")
    config = reader.patched(*CONFIG)
    status = infrastructure.get("status") or {}
    installed = _installed(version)
    if version and installed is None:
        reader.unread.append("clusterversions/version: names no release as installed")
    claims = (*questions.claims, *_live_claim(config, questions))
    return LiveFacts(
        infrastructure_name=status.get("infrastructureName"),
        platform=(status.get("platformStatus") or {}).get("type") or status.get("platform"),
        version=installed,
        single_node=status.get("infrastructureTopology") == "SingleReplica",
        config=config,
        image=reader.patched(*IMAGE),
        pruner=reader.patched(*PRUNER),
        no_proxy=_no_proxy(reader) if questions.proxy else None,
        storage_classes=reader.all("storage.k8s.io/v1", "storageclasses", facts.storage_class)
        if questions.storage_classes
        else None,
        claims=reader.each("v1", "persistentvolumeclaims", claims, facts.claim, NAMESPACE),
        volumes=reader.each("v1", "persistentvolumes", questions.volumes, facts.volume),
        config_maps=reader.each(
            "v1", "configmaps", questions.config_maps, facts.config_map, CONFIG_NAMESPACE
        ),
        secrets=reader.each("v1", "secrets", questions.secrets, facts.secret, NAMESPACE),
        cluster_roles=reader.each(
            "rbac.authorization.k8s.io/v1", "clusterroles", questions.cluster_roles, facts.plain
        ),
        namespaces=reader.each("v1", "namespaces", questions.namespaces, facts.namespace),
        nodes=_nodes(reader) if questions.nodes else None,
        routes=_routes(reader, questions),
        bucket_claims=reader.one(BUCKET_CLAIMS, questions.bucket_claim, facts.bucket_claim),
        endpoint_routes=reader.one(ROUTES, questions.endpoint_route, facts.route),
        authorities=_authorities(reader, questions),
        service_account_issuer=_issuer(reader) if questions.issuer else None,
        unread=tuple(reader.unread),
    )


def read_patched(access: ClusterAccess, api: str, plural: str) -> tuple[Patched, tuple[str, ...]]:
    """One object named cluster, and why it could not be read if it couldn't. Raises
    `Unreachable`."""
    reader = Reader(access)
    return reader.patched(api, plural), tuple(reader.unread)


def read_places(access: ClusterAccess, places: Iterable[P]) -> Iterator[tuple[P, bool]]:
    """Which of these objects (API version, kind, name, namespace) are there; those that can't be
    read are left out. Raises `Unreachable`."""
    reader = Reader(access)
    for place in places:
        api, kind, name, namespace = place
        before = len(reader.unread)
        live = reader.get(api, PLURALS[kind], name, namespace)
        if live is not None or len(reader.unread) == before:
            yield place, live is not None


def _live_claim(config: Patched, questions: Questions) -> tuple[str, ...]:
    """The claim of a registry whose storage is left alone: it binds replicas and rollout too."""
    name = ((config.spec.get("storage") or {}).get("pvc") or {}).get("claim")
    return (name,) if questions.live_claim and name else ()


def _no_proxy(reader: Reader) -> str | None:
    proxy = reader.must("config.openshift.io/v1", "proxies", "cluster")
    return (proxy.get("status") or {}).get("noProxy")


def _authorities(reader: Reader, questions: Questions) -> dict[Authority, str | None]:
    found: dict[Authority, str | None] = {}
    for each in questions.authorities:
        live = reader.each("v1", "configmaps", (each.name,), facts.config_map, each.namespace)
        for published in live.values():
            found[each] = published.data.get(each.key) if published else None
    return found


def _issuer(reader: Reader) -> str | None:
    found = reader.must("config.openshift.io/v1", "authentications", "cluster")
    return (found.get("spec") or {}).get("serviceAccountIssuer", "") if found else None


def _nodes(reader: Reader) -> tuple[NodeFacts, ...] | None:
    found = reader.listed("v1", "nodes")
    return None if found is None else tuple(facts.node(each) for each in found)


def _routes(reader: Reader, questions: Questions) -> tuple[RouteFacts, ...] | None:
    if questions.routes:
        found = reader.listed(*ROUTES, everywhere=True)
        return None if found is None else tuple(facts.route(each) for each in found)
    if questions.default_route:
        live = reader.get(*ROUTES, "default-route", NAMESPACE)
        return (facts.route(live),) if live is not None else None
    return None


def _installed(cluster_version: Mapping[str, Any]) -> str | None:
    """The release that was last installed in full: during an upgrade the older one decides."""
    for entry in (cluster_version.get("status") or {}).get("history") or []:
        if entry.get("state") == "Completed":
            return entry.get("version")
    return None
