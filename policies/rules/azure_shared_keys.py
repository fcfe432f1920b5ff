from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._azure import ACCOUNT, FEDERATION, accounts, cis
from ._data import secret_keys
from ._identities import CLUSTERS_SECRET, USERS_SECRET, credential_secrets
from ._objects import NAMESPACE, SECRETS, at, text
from ._unknown import judge_known_first

ACCOUNT_KEY = "REGISTRY_STORAGE_AZURE_ACCOUNTKEY"
TOKEN_FILE = "azure_federated_token_file"


@stack_rule(
    title="A storage account takes keys where the registry has one, and else none",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=cis("3.3"),
    types=(ACCOUNT, FEDERATION, *SECRETS),
    why=(
        "A key of the account opens all of it, never ends, and is logged as nobody's. With a "
        "workload identity nothing needs one: the operator switches keys off itself, and finds "
        "them on again at the next `pulumi up`. A registry that logs in with a key gets none of "
        "its images from an account that takes no keys."
    ),
    source=(
        "cluster-image-registry-operator pkg/storage/azure/azure.go, assureStorageAccount; Azure "
        "Storage documentation, prevent Shared Key authorization"
    ),
    remedy=(
        "Give the account `allowSharedKeyAccess: false` beside a workload identity, and take the "
        "user's secret out; true, or nothing, beside an account key."
    ),
)
def azure_shared_keys(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    found = accounts(resources)
    if not found:
        return
    has_key = [
        each
        for each in credential_secrets(resources, USERS_SECRET)
        if ACCOUNT_KEY in secret_keys(each)
    ]
    acts = _acts(resources)
    for each in has_key if acts else ():
        yield each, "the registry has a workload identity, and this secret holds an account key"

    def check(account: Resource) -> Iterator[tuple[Resource, str]]:
        allowed = at(account.props, "allowSharedKeyAccess")
        if acts and not has_key and allowed is not False:
            yield account, "the registry has a workload identity, and the account takes keys"
        elif has_key and not acts and allowed is False:
            yield account, "the registry has an account key, and the account takes none"

    yield from judge_known_first(found if acts or has_key else (), check)


def _acts(resources: Sequence[Resource]) -> bool:
    """Whether the registry acts as an identity, by its tokens."""
    return any(
        TOKEN_FILE in secret_keys(each) for each in credential_secrets(resources, CLUSTERS_SECRET)
    ) or any(
        each.resource_type == FEDERATION and f":{NAMESPACE}:" in (text(each.props, "subject") or "")
        for each in resources
    )
