import re
from collections.abc import Iterator, Sequence
from typing import Any

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import entries, text
from ._openstack import CREDENTIAL, DECIDING, STORE, keystone
from ._unknown import judge_known_first

SERVICE = "object-store"
# Version, account, container, and what is in it. Of the account a wildcard may stand for its
# whole name or the end of it: Swift itself lets nobody into another project's.
PATH = re.compile(r"/v1/[^/*]*\*?/([^/*{}]+)(/.*)?")


@stack_rule(
    title="An application credential with access rules opens the registry's container alone",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=keystone("Application credentials, access rules"),
    types=(*DECIDING, CREDENTIAL),
    why=(
        "Rules with a wildcard for the container, or for another service, are no rules: the "
        "credential lies in a namespace of the cluster and opens backups, the images of other "
        "clusters, the project's servers. The registry asks for nothing but this container and "
        "what is in it."
    ),
    source=(
        "Keystone documentation, application credentials, access rules; distribution "
        "registry/storage/driver/swift"
    ),
    remedy=(
        "Write rules of the service object-store for /v1/AUTH_PROJECT/CONTAINER and the same with "
        "/** alone."
    ),
)
def swift_credential_scoped(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    credentials = [each for each in resources if each.resource_type == CREDENTIAL]

    def check(credential: Resource) -> Iterator[tuple[Resource, str]]:
        rules = entries(credential.props, "accessRules")
        names = _names(resources) if rules else set()
        for number, rule in enumerate(rules, start=1):
            if text(rule, "service") != SERVICE:
                yield credential, f"access rule {number} is for another service than object-store"
            elif not _is_of(rule, names):
                yield credential, f"access rule {number} opens more than the registry's container"

    yield from judge_known_first(credentials, check)


def _is_of(rule: Any, names: set[str]) -> bool:
    """A container whose name nobody in the stack knows may be the registry's."""
    found = PATH.fullmatch(text(rule, "path") or "")
    return bool(found) and (not names or found[1] in names)


def _names(resources: Sequence[Resource]) -> set[str]:
    """Of the registry's containers, that which the stack does not make included."""
    made = [STORE.name_of(each) for each in STORE.of_registry(resources)]
    path = ("spec", "storage", "swift", "container")
    said = [text(each.props, *path) for each in STORE.configs(resources)]
    return {each for each in (*made, *said) if each}
