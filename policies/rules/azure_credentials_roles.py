from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._azure import ASSIGNMENT, OWNERS, benchmark, is_in_account, role_id


@resource_rule(
    title="Roles in a storage account are for what is in it",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=benchmark("PA-7"),
    types=(ASSIGNMENT,),
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
def azure_credentials_roles(assignment: Resource, settings: Settings) -> Iterator[str]:
    if (name := OWNERS.get(role_id(assignment))) and is_in_account(assignment):
        yield f"the role is {name}"
