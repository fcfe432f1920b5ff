from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._azure import ACCOUNT
from ._objects import CONFIGS, at, guide, text
from ._unknown import judge_known_first
from .registry_azure_named import ACCOUNTS as STORE


@stack_rule(
    title="The registry redirects nobody to storage that only the cluster reaches",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("3.3.1"),
    types=(*CONFIGS, ACCOUNT),
    why=(
        "By default a pull is sent on to the storage itself. With Swift whoever pulls has to "
        "trust the certificate of the cloud and to reach it; to an Azure account that is closed "
        "to the public only the cluster's own network gets through. Pulls from outside then fail, "
        "while those from inside work."
    ),
    source=(
        "registry guide 3.3.1; openshift/api imageregistry/v1, DisableRedirect and "
        "AzureNetworkAccess"
    ),
    remedy="Write spec.disableRedirect: true.",
)
def registry_redirect(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    configs = [each for each in resources if each.resource_type in CONFIGS]

    def check(config: Resource) -> Iterator[tuple[Resource, str]]:
        if at(config.props, "spec", "disableRedirect") is True:
            return
        if at(config.props, "spec", "storage", "swift") is not None:
            yield config, "the storage is Swift, and spec.disableRedirect is not true"
        elif _is_private(config, resources):
            yield config, "the Azure account is private, and spec.disableRedirect is not true"

    yield from judge_known_first(configs, check)


def _is_private(config: Resource, resources: Sequence[Resource]) -> bool:
    if at(config.props, "spec", "storage", "azure") is None:
        return False
    path = ("spec", "storage", "azure", "networkAccess", "type")
    if text(config.props, *path) == "Internal":
        return True
    made = STORE.all(resources)
    # The only one needs no name, which Azure tells when it is made.
    return any(
        text(each.props, "publicNetworkAccess") == "Disabled"
        for each in made
        if len(made) == 1 or STORE.is_named(each, config)
    )
