from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._azure import (
    ACCOUNT,
    ASSIGNMENT,
    BLOB_ROLES,
    CONTAINER,
    IDENTITY,
    OWNERS,
    benchmark,
    is_in_account,
    role_id,
)
from ._objects import text
from ._origins import origins
from ._unknown import attempt, judge_known_first


@stack_rule(
    title="The registry's identity reaches its own storage account, and nothing above it",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=benchmark("PA-7"),
    types=(ASSIGNMENT, IDENTITY, ACCOUNT, CONTAINER),
    why=(
        "What is assigned for a resource group or a subscription holds in every account below: "
        "backups, the images of other clusters. Every pod of the registry acts as this identity. "
        "And a role that opens blobs, given to anybody up there, opens the registry's along with "
        "all others."
    ),
    source="Azure RBAC documentation, understand scope, and best practices",
    remedy="Assign the role with the container, or the storage account, as its scope.",
)
def azure_credentials_scoped(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    assignments = [each for each in resources if each.resource_type == ASSIGNMENT]
    read = [attempt(lambda each=each: _who_is_in(each)) for each in assignments]
    registrys = {who for found, _ in read for who in found or ()}
    undecided = next((unknown for _, unknown in read if unknown), None)

    def check(assignment: Resource) -> Iterator[tuple[Resource, str]]:
        if is_in_account(assignment):
            return
        if role_id(assignment) in {*OWNERS, *BLOB_ROLES}:
            yield assignment, "a role that opens every storage account below is assigned above it"
        elif _who(assignment) in registrys:
            yield assignment, "the registry's identity has a role above its storage account"
        elif undecided:
            raise undecided

    yield from judge_known_first(assignments, check)


def _who_is_in(assignment: Resource) -> list[str]:
    """Who gets a role in a storage account, if that is what it is for."""
    return [_who(assignment)] if is_in_account(assignment) else []


def _who(assignment: Resource) -> str:
    """An identity of the stack by its URN, another by its ID."""
    if found := origins(assignment, "principalId", (IDENTITY,)):
        return found[0].urn
    return text(assignment.props, "principalId") or ""
