from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._azure import BLOB_SERVICE, cis
from ._objects import at

POLICIES = ("deleteRetentionPolicy", "containerDeleteRetentionPolicy")


@resource_rule(
    title="Blobs and containers that are deleted by mistake can be had back, on Azure",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=cis("3.11"),
    types=(BLOB_SERVICE,),
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
def azure_soft_delete(service: Resource, settings: Settings) -> Iterator[str]:
    for policy in POLICIES:
        days = at(service.props, policy, "days")
        if at(service.props, policy, "enabled") is not True:
            yield f"{policy}.enabled is not true"
        elif not isinstance(days, int | float) or days < settings["minimumDays"]:
            yield f"{policy}.days is less than {settings['minimumDays']:g}"
