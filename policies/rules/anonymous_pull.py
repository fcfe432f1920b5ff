from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import guide
from ._rbac import BINDINGS, READERS, WITHOUT_LOGIN, grants, is_for


@resource_rule(
    title="Images are not open to everybody unnoticed",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    framework=guide("4.1"),
    types=BINDINGS,
    why=(
        "With this anybody who reaches the registry pulls images without a login: of one project "
        "with a RoleBinding, of all with a ClusterRoleBinding. Images hold source code, and often "
        "more than their builders know. It is meant for public images. view and cluster-reader "
        "pull too, and show much more than images."
    ),
    source="OpenShift, accessing the registry; Kubernetes, RBAC, default roles and role bindings",
    remedy=(
        "Bind the role to system:authenticated or to named groups; for a project of public images "
        "write an exception."
    ),
)
def anonymous_pull(binding: Resource, settings: Settings) -> Iterator[str]:
    if grants(binding, READERS) and is_for(binding, WITHOUT_LOGIN):
        yield "a role that may pull is bound to those who have not logged in"
