from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._azure import ACCOUNT, ASSIGNMENT, CONTAINER, OWNERS, benchmark, is_in_account, role_id
from ._unknown import judge_known_first


@stack_rule(
    title="Roles in a storage account are for what is in it",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=benchmark("PA-7"),
    types=(ASSIGNMENT, ACCOUNT, CONTAINER),
    why=(
        "Owner and Contributor, of the account or of its data, read its keys, delete it with "
        "every image, open it to others or decide who may. The registry reads, writes and deletes "
        "blobs; what its operator needs besides is less than any of them."
    ),
    source=(
        "Azure built-in roles; cluster-image-registry-operator manifests/01-registry-credentials-"
        "request-azure.yaml"
    ),
    remedy=(
        "Assign Storage Blob Data Contributor for the container, and a role of your own for what "
        "the operator does with the account."
    ),
)
def azure_credentials_roles(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    assignments = [each for each in resources if each.resource_type == ASSIGNMENT]

    def check(assignment: Resource) -> Iterator[tuple[Resource, str]]:
        if (name := OWNERS.get(role_id(assignment))) and is_in_account(assignment):
            yield assignment, f"the role is {name}"

    yield from judge_known_first(assignments, check)
