"""Read from the live cluster what a plan has to agree with. One client, a handful of GETs."""

import copy
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from cluster.kubeconfig import ClusterAccess
from settings.facts import ClaimFacts, LiveFacts, StorageClassFacts

T = TypeVar("T")

NAMESPACE = "openshift-image-registry"
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


def read(access: ClusterAccess, claims: tuple[str, ...], classes: tuple[str, ...]) -> LiveFacts:
    """Everything that the settings are checked against.

    `claims` and `classes` are the names of the objects the stack file speaks of.
    Raises `Unreachable` when the API server does not answer at all; a single read
    that is forbidden or fails is named in `LiveFacts.unread`.
    """
    reader = _Reader(access)
    infrastructure = reader.must("config.openshift.io/v1", "infrastructures", "cluster")
    version = reader.must("config.openshift.io/v1", "clusterversions", "version")
    config, absent = reader.config()
    status = infrastructure.get("status") or {}
    installed = _installed(version)
    if version and installed is None:
        reader.unread.append("clusterversions/version: names no release as installed")
    return LiveFacts(
        infrastructure_name=status.get("infrastructureName"),
        platform=(status.get("platformStatus") or {}).get("type") or status.get("platform"),
        version=installed,
        config=config,
        config_absent=absent,
        claims=reader.each("v1", "persistentvolumeclaims", claims, _claim, NAMESPACE),
        storage_classes=reader.each("storage.k8s.io/v1", "storageclasses", classes, _class),
        unread=tuple(reader.unread),
    )


def read_config(access: ClusterAccess) -> LiveFacts:
    """Only configs/cluster. Raises `Unreachable`."""
    reader = _Reader(access)
    config, absent = reader.config()
    return LiveFacts(config=config, config_absent=absent, unread=tuple(reader.unread))


class _Reader:
    def __init__(self, access: ClusterAccess) -> None:
        self._client = client(access)
        self._access = access
        self.unread: list[str] = []

    def get(self, api: str, plural: str, name: str, namespace: str | None = None) -> Any:
        """The object, or None; why not is in `unread` unless the server said 404."""
        from httpx2 import HTTPStatusError
        from lightkube.core.exceptions import ApiError
        from lightkube.generic_resource import create_global_resource, create_namespaced_resource

        group, _, version = api.rpartition("/")
        make = create_namespaced_resource if namespace else create_global_resource
        resource = make(group, version, plural, plural)
        try:
            return self._client.get(resource, name, namespace=namespace).to_dict()
        except ApiError as error:
            return self._refused(f"{plural}/{name}", error.status.code, error.status.reason)
        except HTTPStatusError as error:
            # Of a kind that it does not have, the server says so in plain text.
            status = error.response
            return self._refused(f"{plural}/{name}", status.status_code, status.reason_phrase)
        except Exception as error:  # no route, a proxy's login page, a helper that fails, ...
            raise Unreachable(_cant_ask(self._access, error)) from None

    def config(self) -> tuple[Any, bool]:
        """configs/cluster without its httpSecret; and whether the server said there is none."""
        before = len(self.unread)
        live = self.get("imageregistry.operator.openshift.io/v1", "configs", "cluster")
        if live is not None:
            # Never kept: it is a secret that lives in a spec.
            live.get("spec", {}).pop("httpSecret", None)
        return live, live is None and len(self.unread) == before

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
        for name in names:
            before = len(self.unread)
            live = self.get(api, plural, name, namespace)
            if live is not None:
                found[name] = facts(live)
            elif len(self.unread) == before:
                found[name] = None
        return found


def _installed(cluster_version: Mapping[str, Any]) -> str | None:
    """The release that was last installed in full: during an upgrade the older one decides."""
    for entry in (cluster_version.get("status") or {}).get("history") or []:
        if entry.get("state") == "Completed":
            return entry.get("version")
    return None


def _object(live: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    metadata = live["metadata"]
    return metadata.get("labels") or {}, tuple(metadata.get("annotations") or ())


def _claim(live: Mapping[str, Any]) -> ClaimFacts:
    spec = live.get("spec") or {}
    return ClaimFacts(
        *_object(live),
        access_modes=tuple(spec.get("accessModes") or ()),
        volume_mode=spec.get("volumeMode") or "Filesystem",
        storage_class=spec.get("storageClassName"),
        size=((live.get("status") or {}).get("capacity") or {}).get("storage")
        or ((spec.get("resources") or {}).get("requests") or {}).get("storage"),
        leaving="deletionTimestamp" in live["metadata"],
    )


def _class(live: Mapping[str, Any]) -> StorageClassFacts:
    return StorageClassFacts(
        *_object(live),
        provisioner=live.get("provisioner", ""),
        parameters=live.get("parameters") or {},
        reclaim_policy=live.get("reclaimPolicy") or "Delete",
        volume_binding_mode=live.get("volumeBindingMode") or "Immediate",
    )
