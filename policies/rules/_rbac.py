"""Roles, bindings, and the groups that hold everybody."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from declare import Resource

from ._objects import entries, text

ROLE = "kubernetes:rbac.authorization.k8s.io/v1:Role"
CLUSTER_ROLE = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"
ROLE_BINDING = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
CLUSTER_ROLE_BINDING = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"

CLUSTER_ROLES = (CLUSTER_ROLE, f"{CLUSTER_ROLE}Patch")
ROLES = (ROLE, f"{ROLE}Patch", *CLUSTER_ROLES)
CLUSTER_ROLE_BINDINGS = (CLUSTER_ROLE_BINDING, f"{CLUSTER_ROLE_BINDING}Patch")
BINDINGS = (ROLE_BINDING, f"{ROLE_BINDING}Patch", *CLUSTER_ROLE_BINDINGS)

# Roles that are about images only.
PUSHERS = ("registry-editor", "system:image-builder", "system:image-pusher")
IMAGE_WRITERS = (*PUSHERS, "registry-admin", "system:registry", "system:image-pruner")
IMAGE_READERS = ("registry-viewer", "system:image-puller")
# Everything that may push, overwrite or delete an image.
WRITERS = (*IMAGE_WRITERS, "edit", "admin", "cluster-admin")
READERS = (*IMAGE_READERS, "view", "cluster-reader")

IMAGE_GROUP = "image.openshift.io"
# Whoever may write one of these can put another image under a tag, or take one away.
IMAGE_RESOURCES = (
    "images",
    "imagestreams",
    "imagestreams/layers",
    "*/layers",
    "imagestreamimports",
    "imagestreammappings",
    "imagestreamtags",
    "imagetags",
)
WRITING = ("create", "update", "patch", "delete", "deletecollection")

METRICS = "registry/metrics"
# The guide's prometheus-scraper, and what others call theirs.
SCRAPER = re.compile(r"prometheus|scrap|metrics", re.IGNORECASE)

WITHOUT_LOGIN = ("system:anonymous", "system:unauthenticated")
EVERYBODY = (
    *WITHOUT_LOGIN,
    "system:authenticated",
    "system:authenticated:oauth",
    "system:serviceaccounts",
)


def grants(binding: Resource, roles: Collection[str]) -> bool:
    """Whether the cluster role it binds is one of these; a project's own Role is another thing."""
    return (
        text(binding.props, "roleRef", "name") in roles
        and text(binding.props, "roleRef", "kind") != "Role"
    )


def binds(binding: Resource, role: Resource) -> bool:
    """Whether it binds this role of the stack."""
    if text(binding.props, "roleRef", "name") != text(role.props, "metadata", "name"):
        return False
    if role.resource_type in CLUSTER_ROLES:
        return text(binding.props, "roleRef", "kind") != "Role"
    return text(binding.props, "roleRef", "kind") == "Role" and (
        text(binding.props, "metadata", "namespace") == text(role.props, "metadata", "namespace")
    )


def may_push(role: Resource) -> bool:
    """Whether a role of the stack's own may write images."""
    return any(
        has(rule, "apiGroups", IMAGE_GROUP)
        and has(rule, "resources", *IMAGE_RESOURCES)
        and has(rule, "verbs", *WRITING)
        for rule in entries(role.props, "rules")
    )


def has(rule: Any, field: str, *wanted: str) -> bool:
    """Whether a rule of a role holds one of these, by its name or with all others."""
    return any(each == "*" or each in wanted for each in entries(rule, field))


def is_about_metrics(rule: Any) -> bool:
    return any(each in (METRICS, "*/metrics", "registry/*") for each in entries(rule, "resources"))


def is_a_scrapers(role: Resource) -> bool:
    """Whether its name says what it is for."""
    return bool(SCRAPER.search(text(role.props, "metadata", "name") or ""))


def accounts(binding: Resource) -> Iterator[tuple[str, str]]:
    """Namespace and name of each service account, which may also be written as a user."""
    for subject in entries(binding.props, "subjects"):
        kind, name = text(subject, "kind"), text(subject, "name") or ""
        if kind == "ServiceAccount":
            yield text(subject, "namespace") or "", name
        elif kind == "User" and name.startswith("system:serviceaccount:"):
            namespace, _, name = name.removeprefix("system:serviceaccount:").partition(":")
            yield namespace, name


def is_for(binding: Resource, names: Collection[str]) -> bool:
    return any(
        text(subject, "name") in names and text(subject, "kind") in ("Group", "User")
        for subject in entries(binding.props, "subjects")
    )
