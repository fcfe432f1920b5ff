from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import at
from ._openstack import CREDENTIAL, keystone


@resource_rule(
    title="Application credentials make no others",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=keystone("Application credentials, unrestricted"),
    types=(CREDENTIAL,),
    why=(
        "An unrestricted credential makes and deletes other application credentials and trusts: "
        "whoever takes it from the cluster makes himself one that stays when it is revoked."
    ),
    source="Keystone documentation, application credentials",
    remedy="Leave unrestricted out, or set it to false.",
)
def swift_credential_restricted(credential: Resource, settings: Settings) -> Iterator[str]:
    if at(credential.props, "unrestricted"):
        yield "unrestricted is set"
