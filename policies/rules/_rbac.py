"""Roles, bindings, and the groups that hold everybody."""

from collections.abc import Collection

from declare import Resource

from ._objects import entries, text

CLUSTER_ROLE = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"
ROLE_BINDING = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
CLUSTER_ROLE_BINDING = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"

CLUSTER_ROLES = (CLUSTER_ROLE, f"{CLUSTER_ROLE}Patch")
CLUSTER_ROLE_BINDINGS = (CLUSTER_ROLE_BINDING, f"{CLUSTER_ROLE_BINDING}Patch")
BINDINGS = (ROLE_BINDING, f"{ROLE_BINDING}Patch", *CLUSTER_ROLE_BINDINGS)

# Roles that are about images only.
IMAGE_WRITERS = ("registry-editor", "registry-admin", "system:image-builder", "system:image-pusher")
# Everything that may push, overwrite or delete an image.
WRITERS = (
    *IMAGE_WRITERS,
    "system:registry",
    "system:image-pruner",
    "edit",
    "admin",
    "cluster-admin",
)
READERS = ("registry-viewer", "system:image-puller")

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


def is_for(binding: Resource, names: Collection[str]) -> bool:
    return any(
        text(subject, "name") in names and text(subject, "kind") in ("Group", "User")
        for subject in entries(binding.props, "subjects")
    )
