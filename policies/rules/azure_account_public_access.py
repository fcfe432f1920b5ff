from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._azure import ACCOUNT, cis
from ._objects import at


@resource_rule(
    title="No container of a storage account can be opened to everybody",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=cis("3.17"),
    types=(ACCOUNT,),
    why=(
        "The images of every project are in one container, behind the registry's own rights. "
        "Where the account does not allow it, no setting of a container opens them; on older "
        "accounts what is not said is allowed."
    ),
    source=(
        "Azure Storage documentation, remediate anonymous read access to blob data; "
        "cluster-image-registry-operator pkg/storage/azure/azure.go, createStorageAccount"
    ),
    remedy="Give the account `allowBlobPublicAccess: false`.",
)
def azure_account_public_access(account: Resource, settings: Settings) -> Iterator[str]:
    if at(account.props, "allowBlobPublicAccess") is not False:
        yield "allowBlobPublicAccess is not false"
