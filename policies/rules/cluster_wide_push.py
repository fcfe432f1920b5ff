from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import guide
from ._rbac import CLUSTER_ROLE_BINDINGS, PUSHERS, grants


@resource_rule(
    title="Who pushes does so into named projects",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    framework=guide("4.1"),
    types=CLUSTER_ROLE_BINDINGS,
    why=(
        "A ClusterRoleBinding holds in every project, those of the platform included: who has it "
        "may put another image under any tag of the cluster. The guide binds the role in the "
        "project that images are pushed to. Of registry-admin and above speaks cluster-wide-admin."
    ),
    source="registry guide 4.1 and 4.2; Kubernetes, RBAC, least privilege",
    remedy="Use a RoleBinding in each project that is pushed to.",
)
def cluster_wide_push(binding: Resource, settings: Settings) -> Iterator[str]:
    if grants(binding, PUSHERS):
        yield "a role that may push is bound in every project"
