"""Read from the live cluster what a plan has to agree with. One client, a handful of GETs."""

import copy
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from cluster import facts
from cluster.kubeconfig import ClusterAccess
from settings.facts import LiveFacts, NodeFacts, Patched, RouteFacts
from settings.questions import Questions

T = TypeVar("T")

NAMESPACE = "openshift-image-registry"
CONFIG_NAMESPACE = "openshift-config"
CONFIG = ("imageregistry.operator.openshift.io/v1", "configs")
IMAGE = ("config.openshift.io/v1", "images")
PRUNER = ("imageregistry.operator.openshift.io/v1", "imagepruners")
PATIENCE = 5.0
"""Seconds to connect: a preview without a reachable cluster must not take long."""


EXEC = "client.authentication.k8s.io"


class Unreachable(Exception):
    """The API server could not be asked. The message says why, in words."""


def client(access: ClusterAccess) -> Any:
    """A lightkube client that goes where the plugin goes. Raises `Unreachable`."""
    try:
        return _client(access)
    except Exception as error:  # a kubeconfig can be wrong in many ways
        raise Unreachable(_cant_ask(access, error)) from None


def _client(access: ClusterAccess) -> Any:
    from httpx2 import Timeout
    from lightkube import Client, KubeConfig

    config = copy.deepcopy(dict(access.config))
    helper = config["users"][0]["user"].get("exec")
    if helper and helper.get("apiVersion") == f"{EXEC}/v1":
        helper["apiVersion"] = f"{EXEC}/v1beta1"  # the same, under the name that lightkube knows
    proxy = config["clusters"][0]["cluster"].get("proxy-url")
    return Client(
        KubeConfig.from_dict(config),
        timeout=Timeout(30, connect=PATIENCE),
        proxy=proxy,
        # A proxy of the environment is meant for the world outside, not for loopback.
        trust_env=proxy is None and not access.loopback,
    )


def _cant_ask(access: ClusterAccess, error: Exception) -> str:
    """The kind of the error alone: its text may quote what it was given."""
    helper = access.config["users"][0]["user"].get("exec")
    by = f", by way of the helper {helper.get('command')}" if isinstance(helper, dict) else ""
    return f"{access.server} can't be asked{by} ({type(error).__name__})"


def read(access: ClusterAccess, questions: Questions) -> LiveFacts:
    """Everything that the settings are checked against.

    Raises `Unreachable` when the API server does not answer at all; a single read
    that is forbidden or fails is named in `LiveFacts.unread`.
    """
    reader = _Reader(access)
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
        routes=_routes(reader) if questions.routes else None,
        unread=tuple(reader.unread),
    )


def read_patched(access: ClusterAccess, api: str, plural: str) -> tuple[Patched, tuple[str, ...]]:
    """One object named cluster, and why it could not be read if it couldn't. Raises
    `Unreachable`."""
    reader = _Reader(access)
    return reader.patched(api, plural), tuple(reader.unread)


def _live_claim(config: Patched, questions: Questions) -> tuple[str, ...]:
    """The claim of a registry whose storage is left alone: it binds replicas and rollout too."""
    name = ((config.spec.get("storage") or {}).get("pvc") or {}).get("claim")
    return (name,) if questions.live_claim and name else ()


def _no_proxy(reader: "_Reader") -> str | None:
    proxy = reader.must("config.openshift.io/v1", "proxies", "cluster")
    return (proxy.get("status") or {}).get("noProxy")


def _nodes(reader: "_Reader") -> tuple[NodeFacts, ...] | None:
    found = reader.list("v1", "nodes")
    return None if found is None else tuple(facts.node(each) for each in found)


def _routes(reader: "_Reader") -> tuple[RouteFacts, ...] | None:
    found = reader.list("route.openshift.io/v1", "routes", everywhere=True)
    return None if found is None else tuple(facts.route(each) for each in found)


class _Reader:
    def __init__(self, access: ClusterAccess) -> None:
        self._client = client(access)
        self._access = access
        self.unread: list[str] = []

    def get(self, api: str, plural: str, name: str, namespace: str | None = None) -> Any:
        resource = _resource(api, plural, namespace is not None)
        what = f"{plural}/{name}"
        return self._ask(what, lambda: self._client.get(resource, name, namespace=namespace))

    def list(self, api: str, plural: str, everywhere: bool = False) -> Any:
        """Every object of a kind; of all namespaces if its objects have one."""
        resource = _resource(api, plural, everywhere)
        place = {"namespace": "*"} if everywhere else {}
        # Looked at one by one: a page that is refused is only asked for then.
        found = self._ask(plural, lambda: _Listed(self._client.list(resource, **place)))
        return None if found is None else found["items"]

    def _ask(self, what: str, ask: Callable[[], Any]) -> Any:
        from httpx2 import HTTPStatusError
        from lightkube.core.exceptions import ApiError

        try:
            return ask().to_dict()
        except ApiError as error:
            return self._refused(what, error.status.code, error.status.reason)
        except HTTPStatusError as error:
            # Of a kind that it does not have, the server says so in plain text.
            status = error.response
            return self._refused(what, status.status_code, status.reason_phrase)
        except Exception as error:  # no route, a proxy's login page, a helper that fails, ...
            raise Unreachable(_cant_ask(self._access, error)) from None

    def patched(self, api: str, plural: str) -> Patched:
        """The object named cluster; and whether the server said that there is none."""
        before = len(self.unread)
        live = self.get(api, plural, "cluster")
        if live is not None:
            # Never kept: it is a secret that lives in a spec.
            live.get("spec", {}).pop("httpSecret", None)
        return Patched(live, live is None and len(self.unread) == before)

    def must(self, api: str, plural: str, name: str) -> Any:
        """An object that every OpenShift has; `{}` and a word in `unread` without it."""
        before = len(self.unread)
        live = self.get(api, plural, name)
        if live is None and len(self.unread) == before:
            self.unread.append(f"{plural}/{name}: there is none")
        return live or {}

    def _refused(self, what: str, code: int | None, reason: str | None) -> None:
        if code == 401:
            raise Unreachable(f"{self._access.server} does not accept the credentials")
        if code != 404:
            self.unread.append(f"{what}: {reason or code}")

    def each(
        self,
        api: str,
        plural: str,
        names: tuple[str, ...],
        facts: Callable[[Mapping[str, Any]], T],
        namespace: str | None = None,
    ) -> dict[str, T | None]:
        found: dict[str, T | None] = {}
        for name in dict.fromkeys(names):
            before = len(self.unread)
            live = self.get(api, plural, name, namespace)
            if live is not None:
                found[name] = facts(live)
            elif len(self.unread) == before:
                found[name] = None
        return found

    def all(
        self, api: str, plural: str, facts: Callable[[Mapping[str, Any]], T]
    ) -> dict[str, T] | None:
        found = self.list(api, plural)
        return None if found is None else {each["metadata"]["name"]: facts(each) for each in found}


class _Listed:
    """A list of objects, read to its end, in the shape of a single one."""

    def __init__(self, objects: Iterable[Any]) -> None:
        self._objects = [each.to_dict() for each in objects]

    def to_dict(self) -> dict[str, Any]:
        return {"items": self._objects}


@cache
def _resource(api: str, plural: str, namespaced: bool) -> Any:
    """Made once: lightkube does not find one of the core group again, and refuses a second."""
    from lightkube.generic_resource import create_global_resource, create_namespaced_resource

    group, _, version = api.rpartition("/")
    make = create_namespaced_resource if namespaced else create_global_resource
    return make(group, version, plural, plural)


def _installed(cluster_version: Mapping[str, Any]) -> str | None:
    """The release that was last installed in full: during an upgrade the older one decides."""
    for entry in (cluster_version.get("status") or {}).get("history") or []:
        if entry.get("state") == "Completed":
            return entry.get("version")
    return None
