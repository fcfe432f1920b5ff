from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import entries
from ._openstack import CREDENTIAL, keystone

TOO_MUCH = ("admin", "manager", "reseller_admin", "reselleradmin", "cloud_admin")


@resource_rule(
    title="Application credentials have the one role that they need",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=keystone("Application credentials, roles"),
    types=(CREDENTIAL,),
    why=(
        "Without roles a credential has all that its user has on the project, now and whatever "
        "is added later. With admin it is the whole cloud's, not one project's."
    ),
    source="Keystone documentation, application credentials; OpenStack Security Guide, policies",
    remedy="Give `roles` with one role that may write objects: member, or swiftoperator.",
)
def swift_credential_roles(credential: Resource, settings: Settings) -> Iterator[str]:
    roles = entries(credential.props, "roles")
    if not roles:
        yield "roles are not given"
    if any(isinstance(each, str) and each.lower() in TOO_MUCH for each in roles):
        yield "a role is an administrator's"
