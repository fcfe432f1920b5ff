from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._azure import ACCOUNT, CONTAINER
from ._objects import CONFIGS, api
from ._stores import Store
from ._unknown import judge_known_first

ACCOUNTS = Store((ACCOUNT,), "azure", "accountName", "accountName", "accountName")
CONTAINERS = Store((CONTAINER,), "azure", "container", "containerName", "containerName")


@stack_rule(
    title="The registry uses the account and the container that its stack makes",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.storage.azure.accountName and container"),
    types=(ACCOUNT, CONTAINER, *CONFIGS),
    why=(
        "A container that is made for the registry and not named by it stays empty, while the "
        "images go to another one that nobody looks after: the operator makes account and "
        "container itself if none is named, and fails on a name that is misspelt."
    ),
    source="cluster-image-registry-operator pkg/storage/azure/azure.go, CreateStorage",
    remedy="Write the names in spec.storage.azure.accountName and container.",
)
def registry_azure_named(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    def check(store: Store) -> Iterator[tuple[Resource, str]]:
        made = store.all(resources)
        for config in store.configs(resources):
            if made and not any(store.is_named(each, config) for each in made):
                yield config, f"spec.storage.azure.{store.field} is none that the stack makes"

    yield from judge_known_first((ACCOUNTS, CONTAINERS), check)
