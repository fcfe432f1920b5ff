import re
from collections.abc import Iterator, Sequence
from typing import Any

from declare import Level, Resource, Settings, Severity, stack_rule

from ._data import secret_keys
from ._identities import USERS_SECRET, credential_secrets
from ._objects import CONFIGS, SECRETS, api, at, text
from ._unknown import judge_known_first

PREFIX = "REGISTRY_STORAGE_SWIFT_"
APPLICATION = f"{PREFIX}APPLICATIONCREDENTIALID"
PASSWORD = f"{PREFIX}PASSWORD"
# What the operator takes: nothing, or a version (ensureAuthURLHasAPIVersion).
PATH = re.compile(r"[^/]*//[^/]*(/?|/v[123](\.0)?(/.*)?)")
TWICE = (("domain", "domainID"), ("tenant", "tenantID"))


@stack_rule(
    title="The registry says to Keystone what Keystone needs, and once",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.storage.swift"),
    types=(*CONFIGS, *SECRETS),
    why=(
        "With keys in the user's secret the operator asks where authURL says, and nowhere if it "
        "says nothing. It takes a URL without a path or with a version, and a version that is a "
        "whole number in quotes. An application credential is for one project: Keystone refuses "
        "one that asks for a project by name. A user without domain and project has none."
    ),
    source=(
        "cluster-image-registry-operator pkg/storage/swift/swift.go, getSwiftClient and "
        "ensureAuthURLHasAPIVersion; Keystone API, application credentials"
    ),
    remedy=(
        'Write authURL as clouds.yaml has it, authVersion "3" or nothing; domain or domainID and '
        "tenant or tenantID beside a user's name, and none of them beside an application "
        "credential."
    ),
)
def registry_swift_login(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    configs = [
        each
        for each in resources
        if each.resource_type in CONFIGS and at(each.props, "spec", "storage", "swift") is not None
    ]

    def check(config: Resource) -> Iterator[tuple[Resource, str]]:
        swift = at(config.props, "spec", "storage", "swift")
        given = set(swift) if hasattr(swift, "keys") else set()
        for finding in _of_keys(given, _keys(resources)):
            yield config, finding
        for finding in _of_values(swift):
            yield config, finding

    yield from judge_known_first(configs, check)


def _keys(resources: Sequence[Resource]) -> set[str]:
    return {
        key for each in credential_secrets(resources, USERS_SECRET) for key in secret_keys(each)
    }


def _of_keys(given: set[str], keys: set[str]) -> Iterator[str]:
    for one, other in TWICE:
        if {one, other} <= given:
            yield f"spec.storage.swift has both {one} and {other}"
    if keys & {APPLICATION, PASSWORD} and "authURL" not in given:
        yield "the registry has keys of its own, and spec.storage.swift.authURL is missing"
    if APPLICATION in keys and given & {each for pair in TWICE for each in pair}:
        yield "the registry has an application credential, and spec.storage.swift names a project"
    if PASSWORD in keys and not given & set(TWICE[1]):
        yield "the registry has a user, and spec.storage.swift names no project"


def _of_values(swift: Any) -> Iterator[str]:
    version, url = at(swift, "authVersion"), text(swift, "authURL")
    if version is not None and not (isinstance(version, str) and re.fullmatch("[123]", version)):
        yield 'spec.storage.swift.authVersion is none of "1", "2" and "3"'
    if url and not PATH.fullmatch(url):
        yield "spec.storage.swift.authURL has a path that the operator refuses"
