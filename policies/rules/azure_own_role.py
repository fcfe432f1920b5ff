from collections.abc import Iterator
from typing import Any

from declare import Level, Resource, Settings, Severity, resource_rule

from ._azure import ROLE, benchmark
from ._documents import matches
from ._objects import entries

PREFIX = "Microsoft.Storage/storageAccounts"
TOO_MUCH = {
    f"{PREFIX}/listKeys/action": "reads the account's keys",
    f"{PREFIX}/regenerateKey/action": "renews the account's keys",
    f"{PREFIX}/delete": "deletes the account",
    f"{PREFIX}/blobServices/containers/delete": "deletes the container",
    "Microsoft.Authorization/roleAssignments/write": "decides who may use the account",
}


@resource_rule(
    title="A role of one's own for storage accounts takes no keys and deletes nothing",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=benchmark("PA-7"),
    types=(ROLE,),
    why=(
        "A wildcard in a role of one's own is Owner by another name. Whoever reads the account's "
        "keys has all of it, for ever, without a role; whoever deletes account or container, "
        "every image."
    ),
    source="Azure RBAC documentation, custom roles; operations of Microsoft.Storage",
    remedy=(
        "Name the actions: storageAccounts/read, and write where the operator switches keys off, "
        "blobServices/read and blobServices/generateUserDelegationKey/action."
    ),
)
def azure_own_role(role: Resource, settings: Settings) -> Iterator[str]:
    for permission in entries(role.props, "permissions"):
        actions = _words(permission, "actions")
        if not any(_is_about_storage(each) for each in actions):
            continue
        without = _words(permission, "notActions")
        for action, does in TOO_MUCH.items():
            if _has(actions, action) and not _has(without, action):
                yield f"the role {does}"


def _is_about_storage(action: str) -> bool:
    return action.startswith("*") or action.lower().startswith("microsoft.storage/")


def _has(patterns: list[str], action: str) -> bool:
    return any(matches(each, action) for each in patterns)


def _words(permission: Any, key: str) -> list[str]:
    return [each for each in entries(permission, key) if isinstance(each, str)]
