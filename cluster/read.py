"""Read from the live cluster what a plan has to agree with. One client, a handful of GETs."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from cluster.kubeconfig import ClusterAccess
from settings.facts import ClaimFacts, LiveFacts, StorageClassFacts

T = TypeVar("T")

NAMESPACE = "openshift-image-registry"
PATIENCE = 5.0
"""Seconds to connect: a preview without a reachable cluster must not take long."""


class Unreachable(Exception):
    """The API server could not be asked. The message says why, in words."""


def client(access: ClusterAccess) -> Any:
    """A lightkube client on exactly this kubeconfig."""
    from httpx2 import Timeout
    from lightkube import Client, KubeConfig

    return Client(
        KubeConfig.from_dict(dict(access.config)),
        timeout=Timeout(30, connect=PATIENCE),
        # A proxy of the environment is meant for the world outside, not for loopback.
        trust_env=not access.loopback,
    )


def read(access: ClusterAccess, claims: tuple[str, ...], classes: tuple[str, ...]) -> LiveFacts:
    """Everything that the settings are checked against.

    `claims` and `classes` are the names of the objects the stack file speaks of.
    Raises `Unreachable` when the API server does not answer at all; a single read
    that is forbidden or fails is named in `LiveFacts.unread`.
    """
    reader = _Reader(access)
    infrastructure = reader.get("config.openshift.io/v1", "infrastructures", "cluster") or {}
    version = reader.get("config.openshift.io/v1", "clusterversions", "version") or {}
    before = len(reader.unread)
    config = reader.get("imageregistry.operator.openshift.io/v1", "configs", "cluster")
    absent = config is None and len(reader.unread) == before
    if config is not None:
        # Never kept: it is a secret that lives in a spec.
        config.get("spec", {}).pop("httpSecret", None)
    status = infrastructure.get("status") or {}
    return LiveFacts(
        infrastructure_name=status.get("infrastructureName"),
        platform=(status.get("platformStatus") or {}).get("type") or status.get("platform"),
        version=_installed(version),
        config=config,
        config_absent=absent,
        claims=reader.each("v1", "persistentvolumeclaims", claims, _claim, NAMESPACE),
        storage_classes=reader.each("storage.k8s.io/v1", "storageclasses", classes, _class),
        unread=tuple(reader.unread),
    )


class _Reader:
    def __init__(self, access: ClusterAccess) -> None:
        self._client = client(access)
        self._server = access.server
        self.unread: list[str] = []

    def get(self, api: str, plural: str, name: str, namespace: str | None = None) -> Any:
        """The object, or None; why not is in `unread` unless the server said 404."""
        from httpx2 import HTTPError, HTTPStatusError
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
        except (HTTPError, OSError) as error:
            raise Unreachable(f"{self._server} does not answer ({type(error).__name__})") from None

    def _refused(self, what: str, code: int | None, reason: str | None) -> None:
        if code == 401:
            raise Unreachable(f"{self._server} does not accept the credentials") from None
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
