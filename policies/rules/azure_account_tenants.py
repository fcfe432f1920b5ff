from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._azure import ACCOUNT, cis
from ._objects import at


@resource_rule(
    title="Storage accounts replicate nothing into other tenants",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=cis("3.16"),
    types=(ACCOUNT,),
    why=(
        "Where it is allowed, whoever may write the account's replication policy copies every "
        "image into an account of another organisation, and none of the rights here say "
        "anything about it there. On accounts from before December 2023 it is the default."
    ),
    source="Azure Storage documentation, prevent object replication across tenants",
    remedy="Give the account `allowCrossTenantReplication: false`.",
)
def azure_account_tenants(account: Resource, settings: Settings) -> Iterator[str]:
    if at(account.props, "allowCrossTenantReplication") is not False:
        yield "allowCrossTenantReplication is not false"
