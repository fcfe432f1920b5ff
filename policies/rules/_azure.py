"""The resources of Azure that rules look at.

Most rules judge each resource by its inputs: what Azure answers, which is all that a rule about
the whole stack sees, does not have the names of account and container under which it was asked.
"""

import re
from collections.abc import Sequence

from declare import Framework, Resource

from ._objects import text
from ._origins import is_among, origins


def token(module: str, name: str) -> str:
    return f"azure-native:{module}:{name}"


ACCOUNT = token("storage", "StorageAccount")
CONTAINER = token("storage", "BlobContainer")
BLOB_SERVICE = token("storage", "BlobServiceProperties")
MANAGEMENT_POLICY = token("storage", "ManagementPolicy")
IMMUTABILITY = token("storage", "BlobContainerImmutabilityPolicy")
LEGAL_HOLD = token("storage", "BlobContainerLegalHold")

VAULT = token("keyvault", "Vault")
HSM = token("keyvault", "ManagedHsm")
KEY = token("keyvault", "Key")

ASSIGNMENT = token("authorization", "RoleAssignment")
ROLE = token("authorization", "RoleDefinition")
IDENTITY = token("managedidentity", "UserAssignedIdentity")
FEDERATION = token("managedidentity", "FederatedIdentityCredential")

# An account of storage, or what is in one, by its ID.
IN_AN_ACCOUNT = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Storage/storageAccounts/[^/]+"
    r"(/.*)?",
    re.IGNORECASE,
)


def benchmark(reference: str) -> Framework:
    """A control of Microsoft's own standard."""
    return Framework("Microsoft cloud security benchmark", "1", reference)


def cis(reference: str) -> Framework:
    return Framework("CIS Microsoft Azure Foundations Benchmark", "2.1.0", reference)


def accounts(resources: Sequence[Resource]) -> list[Resource]:
    return [each for each in resources if each.resource_type == ACCOUNT]


def account_name(account: Resource) -> str | None:
    """It is asked for by accountName, and Azure answers with name."""
    return text(account.props, "accountName") or text(account.props, "name")


def is_of_account(part: Resource, account: Resource, resources: Sequence[Resource]) -> bool:
    """By its origin or else by its name; where Azure's answer has none, of the only account."""
    if found := origins(part, "accountName", (ACCOUNT,)):
        return is_among(account, found)
    if "accountName" not in list(part.props):
        return len(accounts(resources)) == 1
    return text(part.props, "accountName") == account_name(account)


def is_in_account(assignment: Resource) -> bool:
    """Whether a role is assigned for a storage account or less."""
    if origins(assignment, "scope", (ACCOUNT, CONTAINER)):
        return True
    return bool(IN_AN_ACCOUNT.fullmatch(text(assignment.props, "scope") or ""))


def role_id(assignment: Resource) -> str:
    """The GUID of the role that is assigned: the same in every subscription for Azure's own."""
    return (text(assignment.props, "roleDefinitionId") or "").rpartition("/")[2].lower()


OWNERS = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
    "17d1049b-9a84-46fb-8f53-869881c3d3ab": "Storage Account Contributor",
    "81a9662b-bebf-436f-a333-f67b29880f12": "Storage Account Key Operator Service Role",
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
}
"""Azure's own roles that read the account's keys, delete it, or decide who may use it."""

BLOB_ROLES = {
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
}
