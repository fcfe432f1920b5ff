from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import rbac
from ._rbac import BINDINGS, EVERYBODY, ROLES, binds, is_for, may_push


@stack_rule(
    title="No role of the stack's own lets everybody push",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=rbac("rules, roleRef, subjects"),
    types=(*ROLES, *BINDINGS),
    why=(
        "A role under a name of its own can say what registry-editor says: a verb that writes, or "
        "a wildcard, on imagestreams/layers of image.openshift.io is the permission to push. Bound "
        "to system:authenticated or those who have not logged in, it is everybody's."
    ),
    source="registry guide 4.1; Kubernetes, RBAC, referring to resources",
    remedy=(
        "Take the writing verbs out of the role (pulling is get on imagestreams/layers), or bind "
        "it to named users, to a group of your own, or to the service accounts of one project "
        "(system:serviceaccounts:PROJECT)."
    ),
)
def own_role_for_everybody(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    roles = [each for each in resources if each.resource_type in ROLES]
    for binding in resources if roles else ():
        if (
            binding.resource_type in BINDINGS
            and is_for(binding, EVERYBODY)
            and any(binds(binding, role) and may_push(role) for role in roles)
        ):
            yield binding, "a role of the stack that may push is bound to everybody"
