from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._azure import ACCOUNT, BLOB_SERVICE, accounts, cis, is_of_account


@stack_rule(
    title="A storage account has its settings for all blobs, once",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=cis("3.11"),
    types=(ACCOUNT, BLOB_SERVICE),
    why=(
        "Without a BlobServiceProperties what was deleted is gone at once: soft delete is off "
        "where nothing is said. There is one for an account, and writing it replaces the whole: "
        "of two resources for it the one that runs last wins, unnoticed."
    ),
    source="ARM reference, Microsoft.Storage/storageAccounts/blobServices",
    remedy=(
        "Give the account one BlobServiceProperties, with deleteRetentionPolicy and "
        "containerDeleteRetentionPolicy."
    ),
)
def azure_blob_service(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    services = [each for each in resources if each.resource_type == BLOB_SERVICE]
    for account in accounts(resources):
        found = [each for each in services if is_of_account(each, account, resources)]
        if not found:
            yield account, "no BlobServiceProperties is for the account"
        for each in found[1:]:
            yield each, "the account has another BlobServiceProperties"
