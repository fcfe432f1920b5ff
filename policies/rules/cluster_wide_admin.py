from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import rbac
from ._rbac import CLUSTER_ROLE_BINDINGS, grants

# system:registry is the registry's own, which its operator binds.
ADMINS = ("cluster-admin", "admin", "edit", "registry-admin", "system:registry")


@resource_rule(
    title="Nobody becomes an administrator of every project's images",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=rbac("ClusterRoleBinding roleRef"),
    types=CLUSTER_ROLE_BINDINGS,
    why=(
        "In a ClusterRoleBinding these roles hold in every project, those of the platform "
        "included: who has one may delete or replace any image, and with most of them also the "
        "secrets and pods beside it. Neither pulling, nor pushing, nor scraping metrics takes that."
    ),
    source="registry guide chapter 4; Kubernetes, RBAC, user-facing roles and least privilege",
    remedy=(
        "Bind registry-viewer or registry-editor, in a RoleBinding in each project; for metrics "
        "make the guide's role prometheus-scraper (4.5). Where an administrator of the cluster is "
        "meant, write an exception for the binding."
    ),
)
def cluster_wide_admin(binding: Resource, settings: Settings) -> Iterator[str]:
    if grants(binding, ADMINS):
        yield "a role that administers images is bound in every project"
