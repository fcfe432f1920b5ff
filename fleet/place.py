"""Where the registry of a cluster is: what the cluster says that the kubeconfig leads to."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cluster.client import Unreachable, client
from cluster.kubeconfig import ClusterAccess, KubeconfigError, load
from fleet.failure import NotAsked
from fleet.registry import Place

CONFIGS = ("imageregistry.operator.openshift.io", "v1", "Config", "configs")
IMAGES = ("config.openshift.io", "v1", "Image", "images")
TOKEN = "OCPREG_TOKEN"
PUBLISHED = "openshift-config-managed"
"""Where OpenShift publishes its own CAs."""
GIVEN_TO_NODES = (
    "openshift-image-registry",
    "image-registry-certificates",
    "storage-ca-bundle.pem",
)
"""The storage's CA (namespace, ConfigMap, key), which nodes trust for the registry's sake."""


def of_cluster(connect: str | None, insecure: bool, ca: str, token: str | None) -> Place:
    """The registry's first external name; its own name within the cluster if `connect` leads
    there. Raises `NotAsked`."""
    try:
        access = load(None)
        if access is None:
            raise NotAsked(
                "no registry is named and there is no kubeconfig",
                "give the host name of the registry's route, or set KUBECONFIG",
            )
        asked = client(access)
        return _place(access, asked, connect, insecure, ca, token)
    except KubeconfigError as error:
        raise NotAsked(str(error), "mend it, or give the registry's host name") from None
    except Unreachable as error:
        raise NotAsked(str(error), "log in again, or give the registry's host name") from None


def _place(
    access: ClusterAccess,
    asked: Any,
    connect: str | None,
    insecure: bool,
    ca: str,
    token: str | None,
) -> Place:
    config = _get(access, asked, CONFIGS)
    state = config.get("spec", {}).get("managementState")
    if state == "Removed":
        raise NotAsked(
            f"the registry of {access.server} is Removed: nothing runs that could be asked",
            "set registry.managementState: Managed in the stack file and apply it",
        )
    status = _get(access, asked, IMAGES).get("status") or {}
    inside, outside = (
        status.get("internalRegistryHostname"),
        status.get("externalRegistryHostnames") or [],
    )
    if connect is None and not outside:
        raise NotAsked(
            f"the registry of {access.server} is not exposed",
            "set exposure.defaultRoute: true in the stack file; or forward a port "
            "(oc -n openshift-image-registry port-forward service/image-registry 5000) and use "
            "--connect 127.0.0.1:5000",
        )
    if connect is not None and not inside:
        raise NotAsked(
            f"images.config.openshift.io/cluster of {access.server} names no registry",
            "look at the operator: oc get clusteroperator image-registry",
        )
    host = inside if connect is not None else outside[0]
    name = "service-ca" if connect is not None else "default-ingress-cert"
    own = "" if insecure or ca else _published(asked, PUBLISHED, name, "ca-bundle.crt")
    if own:
        # As a node does: it may be sent to the storage.
        own += "\n" + _published(asked, *GIVEN_TO_NODES)
    storage = config.get("status", {}).get("storage") or config["spec"].get("storage") or {}
    return Place(f"https://{host}", connect, ca or own, insecure, token or _token(access), storage)


def _get(access: ClusterAccess, asked: Any, kind: tuple[str, str, str, str]) -> dict[str, Any]:
    from lightkube.core.exceptions import ApiError
    from lightkube.generic_resource import create_global_resource, get_generic_resource

    group, version, name, plural = kind
    resource = get_generic_resource(f"{group}/{version}", name) or create_global_resource(*kind)
    try:
        return asked.get(resource, "cluster").to_dict()
    except ApiError as error:
        what = f"{plural}.{group}/cluster"
        raise NotAsked(
            f"{access.server} does not tell {what}: {error.status.reason}",
            "give the registry's host name, or use a user who may read it",
        ) from None
    except Exception as error:  # no route, a proxy's login page, a helper that fails, ...
        raise NotAsked(
            f"{access.server} can't be asked ({type(error).__name__})",
            "is the cluster up, and is this its kubeconfig (KUBECONFIG)?",
        ) from None


def _published(asked: Any, namespace: str, name: str, key: str) -> str:
    """A CA that OpenShift publishes; who may not read it has the system's alone."""
    from lightkube.core.exceptions import ApiError
    from lightkube.resources.core_v1 import ConfigMap

    try:
        found = asked.get(ConfigMap, name, namespace=namespace)
    except ApiError:
        return ""
    return (found.data or {}).get(key, "")


def _token(access: ClusterAccess) -> str | None:
    """As `oc whoami -t`; a user with a client certificate has none."""
    user = access.config["users"][0]["user"]
    if user.get("token"):
        return user["token"]
    return Path(user["tokenFile"]).read_text().strip() if user.get("tokenFile") else None


def given_token(file: Path | None, environment: Mapping[str, str] = os.environ) -> str | None:
    """From `file`, else from the environment: an argument would be seen by other users."""
    if file is None:
        return environment.get(TOKEN) or None
    try:
        token = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotAsked(
            f"--token-file {file} can't be read ({type(error).__name__})", "it holds one token"
        ) from None
    if not token or len(token.split()) != 1:
        raise NotAsked(f"--token-file {file} holds no token", "oc whoami -t prints one")
    return token
