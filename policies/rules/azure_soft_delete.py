from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._azure import ACCOUNT, BLOB_SERVICE, accounts, cis, is_of_account
from ._objects import at

POLICIES = ("deleteRetentionPolicy", "containerDeleteRetentionPolicy")


@stack_rule(
    title="Blobs and containers that are deleted by mistake can be had back, on Azure",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=cis("3.11"),
    types=(ACCOUNT, BLOB_SERVICE),
    why=(
        "An Azure container is deleted whole, with every image in it, by one call: the service "
        "does not ask whether it is empty. Soft delete is the only way back, and is off where "
        "nothing is said."
    ),
    source="Azure Storage documentation, soft delete for blobs, and for containers",
    remedy=(
        "Give the account a BlobServiceProperties: deleteRetentionPolicy and "
        "containerDeleteRetentionPolicy, each with enabled true and 7 days or more."
    ),
    settings={
        "minimumDays": {
            "type": "number",
            "minimum": 1,
            "default": 7,
            "description": "Days for which what was deleted can be had back, at least",
        }
    },
)
def azure_soft_delete(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    services = [each for each in resources if each.resource_type == BLOB_SERVICE]
    for account in accounts(resources):
        if not any(is_of_account(each, account, resources) for each in services):
            yield account, "no BlobServiceProperties is for the account"
    for each in services:
        for policy in POLICIES:
            days = at(each.props, policy, "days")
            if at(each.props, policy, "enabled") is not True:
                yield each, f"{policy}.enabled is not true"
            elif not isinstance(days, int | float) or days < settings["minimumDays"]:
                yield each, f"{policy}.days is less than {settings['minimumDays']:g}"
