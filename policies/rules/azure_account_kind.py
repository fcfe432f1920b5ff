from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._azure import ACCOUNT
from ._objects import guide, text


@resource_rule(
    title="Storage accounts are of the kind StorageV2",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("3.4.2"),
    types=(ACCOUNT,),
    why=(
        "The operator makes StorageV2. FileStorage has no containers; Storage and BlobStorage are "
        "kinds of the past, whose end Microsoft has announced."
    ),
    source=(
        "cluster-image-registry-operator pkg/storage/azure/azure.go, createStorageAccount; Azure "
        "Storage documentation, storage account overview"
    ),
    remedy="Give the account `kind: StorageV2`.",
)
def azure_account_kind(account: Resource, settings: Settings) -> Iterator[str]:
    if text(account.props, "kind") != "StorageV2":
        yield "kind is not StorageV2"
