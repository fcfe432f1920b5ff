from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIGS, at, guide, text

CLOUDS = (
    "AzurePublicCloud",
    "AzureUSGovernmentCloud",
    "AzureChinaCloud",
    "AzureGermanCloud",
    "AzureStackCloud",
)


@resource_rule(
    title="The registry's account on Azure is said as a whole, and in a cloud that there is",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("3.4.2 and 3.4.3"),
    types=CONFIGS,
    why=(
        "Without the container, or the account, the operator makes one of its own beside what is "
        "there, or fails. A cloud that it does not know is an error; with none it looks for the "
        "account in the public cloud."
    ),
    source=(
        "cluster-image-registry-operator pkg/storage/azure/azure.go, processUPI and "
        "getEnvironmentByName"
    ),
    remedy=(
        "Write accountName and container together, and cloudName as one of "
        f"{', '.join(CLOUDS)}; without it the cloud is the public one."
    ),
)
def registry_azure_account(config: Resource, settings: Settings) -> Iterator[str]:
    if at(config.props, "spec", "storage", "azure") is None:
        return
    account = text(config.props, "spec", "storage", "azure", "accountName")
    container = text(config.props, "spec", "storage", "azure", "container")
    if bool(account) != bool(container):
        yield "of spec.storage.azure.accountName and container only one is given"
    cloud = text(config.props, "spec", "storage", "azure", "cloudName")
    if cloud and cloud not in CLOUDS:
        yield "spec.storage.azure.cloudName is no cloud that the operator knows"
