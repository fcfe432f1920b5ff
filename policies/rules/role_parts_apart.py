from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._identities import ROLE

INLINE = ("inlinePolicies", "managedPolicyArns")


@resource_rule(
    title="What a role may do is said in resources of its own",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=Framework("pulumi-aws", "7", "Role, deprecated properties"),
    types=(ROLE,),
    why=(
        "Policies inside the role fight with the resources for them: each takes the other's for "
        "drift and removes it, and the registry loses its rights by the next `pulumi up`. Both "
        "properties are deprecated."
    ),
    source="pulumi-aws, Role, inlinePolicies and managedPolicyArns",
    remedy="Use RolePolicy; RolePolicyAttachment for a policy of its own.",
)
def role_parts_apart(role: Resource, settings: Settings) -> Iterator[str]:
    # The names alone: whatever a preview knows of their values, they are given.
    for name in INLINE:
        if name in list(role.props):
            yield f"{name} is given inline"
