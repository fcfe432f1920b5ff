from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import rbac, text
from ._rbac import CLUSTER_ROLES

# With system: in front are registry, image-builder, image-puller, image-pusher, image-pruner, ...:
# Kubernetes reserves the prefix for roles that the platform keeps.
RESERVED_PREFIX = "system:"
BUILT_IN = (
    "registry-admin",
    "registry-editor",
    "registry-viewer",
    "admin",
    "basic-user",
    "cluster-admin",
    "cluster-reader",
    "edit",
    "self-provisioner",
    "view",
)


@resource_rule(
    title="Built-in roles are bound, never rewritten",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=rbac("auto-reconciliation of default roles"),
    types=CLUSTER_ROLES,
    why=(
        "These roles come with the cluster and are put back whenever an API server starts: what a "
        "stack takes out returns, what it adds stays for everybody who is bound to the role, "
        "and `pulumi destroy` takes the role from all of them."
    ),
    source="Kubernetes, RBAC, auto-reconciliation; OpenShift, default cluster roles",
    remedy=(
        "Bind the role as it is; for other permissions make a ClusterRole with a name of your own."
    ),
)
def built_in_roles(role: Resource, settings: Settings) -> Iterator[str]:
    name = text(role.props, "metadata", "name") or ""
    if name in BUILT_IN or name.startswith(RESERVED_PREFIX):
        yield "this role comes with the cluster"
