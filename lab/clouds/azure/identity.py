"""Microsoft.ManagedIdentity and Microsoft.Authorization: who may what."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from lab.clouds.azure.kind import GROUP, ArmError, ArmKind, matches
from lab.clouds.azure.names import TENANT
from lab.clouds.base.kind import State
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import Inputs

IDENTITY = f"{GROUP}Microsoft.ManagedIdentity/userAssignedIdentities/{{resourceName}}"
BUILT_IN = {
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
    "db58b8e5-c6ad-4a2a-8342-4190687cbf4a": "Storage Blob Delegator",
}
"""Azure built-in roles for Storage."""
GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
MOST = 20
"""Federated credentials of one identity (Microsoft Entra, "Important considerations and
restrictions for federated identity credentials")."""


class UserAssignedIdentity(ArmKind):
    token = "azure-native:managedidentity:UserAssignedIdentity"
    path = IDENTITY
    identity = frozenset({"resourceGroupName", "resourceName", "location"})
    absent = {"tags": {}}

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        yield from super().check(inputs)
        words = "has to be 3 to 128 letters, digits, hyphens and underscores"
        yield from matches(inputs, r"[A-Za-z0-9][\w-]{2,127}", words, "resourceName")

    def rules(self, identifier: str, inputs: Inputs, old: State | None) -> None:
        self.azure.group(inputs["resourceGroupName"])

    def made(self, identifier: str, inputs: Inputs, old: Mapping[str, Any]) -> State:
        return {
            "name": inputs["resourceName"],
            "clientId": old.get("clientId") or str(uuid.uuid4()),
            "principalId": old.get("principalId") or str(uuid.uuid4()),
            "tenantId": TENANT,
        }


class FederatedIdentityCredential(ArmKind):
    token = "azure-native:managedidentity:FederatedIdentityCredential"
    path = f"{IDENTITY}/federatedIdentityCredentials/{{federatedIdentityCredentialResourceName}}"
    identity = frozenset(
        {"resourceGroupName", "resourceName", "federatedIdentityCredentialResourceName"}
    )

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        if isinstance(inputs.get("audiences"), list) and len(inputs["audiences"]) != 1:
            yield Failure(("audiences",), "has to be one")
        yield from matches(inputs, r"https://.+", "has to be a URL of https", "issuer")

    def rules(self, identifier: str, inputs: Inputs, old: State | None) -> None:
        owner = self.parent(identifier.partition("/federatedIdentityCredentials/")[0])
        same = [
            each
            for each in self.store.every("federatedIdentityCredentials")
            if each["id"].lower().startswith(f"{owner['id'].lower()}/")
            and each["id"].lower() != identifier.lower()
        ]
        if len(same) >= MOST:
            raise ArmError(400, "BadRequest", f"an identity has at most {MOST} of them.")
        pair = (inputs["issuer"], inputs["subject"])
        if pair in [(each["properties"]["issuer"], each["properties"]["subject"]) for each in same]:
            raise ArmError(409, "Conflict", "issuer and subject have to be unique in an identity.")


class RoleDefinition(ArmKind):
    token = "azure-native:authorization:RoleDefinition"
    path = "{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}"
    identity = frozenset({"scope", "roleDefinitionId"})

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        yield from matches(inputs, GUID, "has to be a GUID", "roleDefinitionId")
        if not inputs.get("assignableScopes"):
            yield Failure(("assignableScopes",), "has to name one scope at least")

    def rules(self, identifier: str, inputs: Inputs, old: State | None) -> None:
        self.azure.scope(inputs["scope"])
        others = self.store.every("Microsoft.Authorization/roleDefinitions")
        names = {
            each["properties"]["roleName"]
            for each in others
            if each["id"].lower() != identifier.lower()
        }
        if inputs.get("roleName") in names:
            # "Azure custom roles": the name must be unique in the tenant.
            raise ArmError(409, "RoleDefinitionWithSameNameExists", inputs["roleName"])


class RoleAssignment(ArmKind):
    token = "azure-native:authorization:RoleAssignment"
    path = "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}"
    identity = frozenset({"scope", "roleAssignmentName", "principalId", "roleDefinitionId"})

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        yield from matches(inputs, GUID, "has to be a GUID", "roleAssignmentName")

    def rules(self, identifier: str, inputs: Inputs, old: State | None) -> None:
        self.azure.scope(inputs["scope"])
        role = inputs["roleDefinitionId"].rpartition("/")[2]
        own = self.store.every("Microsoft.Authorization/roleDefinitions")
        if role not in BUILT_IN and role not in [each["id"].rpartition("/")[2] for each in own]:
            raise ArmError(400, "RoleDefinitionDoesNotExist", f"there is no role {role}.")
        people = self.store.every("Microsoft.ManagedIdentity/userAssignedIdentities")
        known = [each.get("made", {}).get("principalId") for each in people]
        if inputs["principalId"] not in known:
            raise ArmError(400, "PrincipalNotFound", "the principal is not in the directory.")
        for each in self.store.every("Microsoft.Authorization/roleAssignments"):
            if each["id"].lower() != identifier.lower() and _same(each, inputs, role):
                # "Troubleshoot Azure RBAC": RoleAssignmentExists.
                raise ArmError(409, "RoleAssignmentExists", "The role assignment already exists.")


def _same(live: Any, inputs: Inputs, role: str) -> bool:
    found = {**live["properties"], **live["path"]}
    return (
        found["scope"].lower() == inputs["scope"].lower()
        and found["principalId"] == inputs["principalId"]
        and found["roleDefinitionId"].rpartition("/")[2] == role
    )


KINDS = (UserAssignedIdentity, FederatedIdentityCredential, RoleDefinition, RoleAssignment)
