from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._data import secret_keys
from ._identities import USERS_SECRET, credential_secrets
from ._objects import CONFIGS, SECRETS, api, text
from .azure_shared_keys import ACCOUNT_KEY


@stack_rule(
    title="A private endpoint is left to the operator only where it makes one",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.storage.azure.networkAccess"),
    types=(*CONFIGS, *SECRETS),
    why=(
        "With an account key in the user's secret the operator returns before it reads "
        "networkAccess: it makes no endpoint and no DNS zone, and does not close the account. "
        "Whoever reads the configuration takes the account for private, and it is not."
    ),
    source="cluster-image-registry-operator pkg/storage/azure/azure.go, processUPI",
    remedy=(
        "Take networkAccess out and make the private endpoint in the stack; or use a workload "
        "identity in place of the key."
    ),
)
def registry_azure_network(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for config in resources:
        if config.resource_type in CONFIGS and _is_internal(config) and _has_key(resources):
            yield config, "networkAccess is Internal, and the registry has an account key"


def _is_internal(config: Resource) -> bool:
    path = ("spec", "storage", "azure", "networkAccess", "type")
    return text(config.props, *path) == "Internal"


def _has_key(resources: Sequence[Resource]) -> bool:
    return any(
        ACCOUNT_KEY in secret_keys(each) for each in credential_secrets(resources, USERS_SECRET)
    )
