"""The kubeconfig that one run uses, cut down to one context.

Both the reads before a plan and the Kubernetes plugin get the same cut, so they
can't end up on different clusters. The context's namespace is dropped: the
plugin would write it into the patch of the cluster-scoped custom resource and
then plan a replacement of it.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

FILES = {
    "cluster": ("certificate-authority",),
    "user": ("client-certificate", "client-key", "tokenFile"),
}


NOT_HONOURED = {
    "cluster": ("tls-server-name",),
    "user": ("as", "as-uid", "as-groups", "as-user-extra", "auth-provider"),
}
"""What the reads before a plan can't do as the plugin does: then they are not made at all."""


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""In C, where there is one: that of a fleet has a cluster's certificates hundreds of times."""


class KubeconfigError(Exception):
    """The kubeconfig can't be used. The message says why and holds nothing secret."""


@dataclass(frozen=True)
class ClusterAccess:
    """One API server and how to log in to it."""

    server: str
    source: str
    """Where it comes from, for messages."""
    config: Mapping[str, Any] = field(repr=False)

    @property
    def content(self) -> str:
        """The cut-down kubeconfig as text. Secret."""
        return json.dumps(self.config, sort_keys=True)

    @property
    def loopback(self) -> bool:
        host = urlsplit(self.server).hostname or ""
        if host == "localhost":
            return True
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return False


def load(given: str | None, environment: Mapping[str, str] = os.environ) -> ClusterAccess | None:
    """The stack's own kubeconfig if `given`, else the ambient one as kubectl finds it.

    Returns None if there is none at all. Raises `KubeconfigError` for one that can't
    be used. A pod's service account is not used: a run in a CI pod would then
    quietly be about the CI's own cluster.
    """
    if given is not None:
        return _cut(_mapping(given, "cluster.kubeconfig"), "cluster.kubeconfig")
    named = environment.get("KUBECONFIG")
    paths = [Path(part) for part in (named or "").split(os.pathsep) if part]
    if not named:
        paths = [Path(environment.get("HOME", "~")).expanduser() / ".kube" / "config"]
    documents = [
        _absolute(_mapping(_text(path), str(path)), path.parent.absolute())
        for path in paths
        if path.is_file()
    ]
    source = os.pathsep.join(map(str, paths))
    return _cut(_merge(documents), source) if documents else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KubeconfigError(f"{path} can't be read ({type(error).__name__})") from None


def _mapping(text: str, source: str) -> dict[str, Any]:
    try:
        document = yaml.load(text, Loader=LOADER)
    except yaml.YAMLError:
        # The parser's own message quotes the text.
        raise KubeconfigError(f"the kubeconfig of {source} is not YAML") from None
    if not isinstance(document, dict):
        raise KubeconfigError(f"the kubeconfig of {source} is not a mapping")
    return document


def _entries(document: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    found = document.get(kind)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _merge(documents: list[dict[str, Any]]) -> dict[str, Any]:
    """As kubectl: the first file that names a thing decides it."""
    merged: dict[str, Any] = {"clusters": [], "contexts": [], "users": []}
    for document in documents:
        merged.setdefault("current-context", document.get("current-context") or None)
        if merged["current-context"] is None:
            del merged["current-context"]
        for kind in ("clusters", "contexts", "users"):
            names = {entry.get("name") for entry in merged[kind]}
            new = [each for each in _entries(document, kind) if each.get("name") not in names]
            merged[kind] += new
    return merged


def _absolute(document: dict[str, Any], folder: Path) -> dict[str, Any]:
    for section, keys in FILES.items():
        for entry in _entries(document, f"{section}s"):
            body = entry.get(section)
            for key in keys:
                if isinstance(body, dict) and body.get(key):
                    body[key] = str(folder / str(body[key]))
    return document


def _cut(document: Mapping[str, Any], source: str) -> ClusterAccess:
    def named(kind: str, name: Any) -> dict[str, Any]:
        for entry in _entries(document, f"{kind}s"):
            if entry.get("name") == name:
                body = entry.get(kind)
                return body if isinstance(body, dict) else {}
        raise KubeconfigError(f"the kubeconfig of {source} has no {kind} named {name!r}")

    current = document.get("current-context")
    if not current:
        raise KubeconfigError(f"the kubeconfig of {source} has no current-context")
    context = named("context", current)
    cluster = named("cluster", context.get("cluster"))
    user = named("user", context["user"]) if context.get("user") else {}
    server = cluster.get("server")
    if not isinstance(server, str) or not urlsplit(server).hostname:
        raise KubeconfigError(f"the kubeconfig of {source} has no server URL for {current!r}")
    for section, body in (("cluster", cluster), ("user", user)):
        for key in NOT_HONOURED[section]:
            if body.get(key):
                raise KubeconfigError(f"the kubeconfig of {source} uses `{key}`: not supported")
        for key in FILES[section]:
            if body.get(key) and not Path(body[key]).is_file():
                raise KubeconfigError(f"the {key} of the kubeconfig of {source} is not a file")
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "cluster",
        "contexts": [{"name": "cluster", "context": {"cluster": "cluster", "user": "user"}}],
        "clusters": [{"name": "cluster", "cluster": cluster}],
        "users": [{"name": "user", "user": user}],
    }
    return ClusterAccess(server, source, config)
