from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import rbac
from ._rbac import BINDINGS, EVERYBODY, WRITERS, grants, is_for


@resource_rule(
    title="Nobody may push by being somebody",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=rbac("roleRef, subjects"),
    types=BINDINGS,
    why=(
        "system:anonymous and system:unauthenticated are the whole network, "
        "system:authenticated every user and every pod, system:serviceaccounts every pod of "
        "every project. Who may push may put another image under a tag that production pulls."
    ),
    source="registry guide 4.1; Kubernetes, RBAC, default roles and role bindings",
    remedy=(
        "Bind the role to named users, to a group of your own, or to the service accounts of one "
        "project (system:serviceaccounts:PROJECT)."
    ),
)
def no_write_for_everybody(binding: Resource, settings: Settings) -> Iterator[str]:
    if grants(binding, WRITERS) and is_for(binding, EVERYBODY):
        yield "a role that may push is bound to a group that holds everybody"
