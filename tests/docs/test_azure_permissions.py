"""docs/how-to/azure-permissions.md allows what components/azure declares and asks, and no more."""

import ast
import json
import re
from fnmatch import fnmatch

import pytest

from settings.schema import ROOT

PAGE = ROOT / "docs" / "how-to" / "azure-permissions.md"
COMPONENTS = sorted((ROOT / "components" / "azure").glob("*.py"))
STORAGE, NETWORK = "Microsoft.Storage/storageAccounts", "Microsoft.Network"
IDENTITY, ROLES = (
    "Microsoft.ManagedIdentity/userAssignedIdentities",
    "Microsoft.Authorization/role",
)
SUBNETS = f"{NETWORK}/virtualNetworks/subnets"


def kept(kind: str) -> str:
    """To make, read and change it, and never to delete it."""
    return f"{kind}/read {kind}/write"


NEEDS = {
    "azure.StorageAccount": f"{kept(STORAGE)} {SUBNETS}/joinViaServiceEndpoint/action "
    f"{IDENTITY}/assign/action",
    "azure.BlobServiceProperties": kept(f"{STORAGE}/blobServices"),
    "azure.BlobContainer": kept(f"{STORAGE}/blobServices/containers"),
    "monitor.DiagnosticSetting": kept("Microsoft.Insights/diagnosticSettings")
    + " Microsoft.Insights/diagnosticSettings/delete"
    " Microsoft.OperationalInsights/workspaces/sharedKeys/action",
    "managedidentity.UserAssignedIdentity": kept(IDENTITY),
    "managedidentity.FederatedIdentityCredential": kept(f"{IDENTITY}/federatedIdentityCredentials"),
    "authorization.RoleDefinition": kept(f"{ROLES}Definitions"),
    "authorization.RoleAssignment": kept(f"{ROLES}Assignments"),
    "network.PrivateEndpoint": f"{kept(f'{NETWORK}/privateEndpoints')} {SUBNETS}/join/action "
    f"{STORAGE}/privateEndpointConnectionsApproval/action",
    "network.PrivateDnsZoneGroup": kept(f"{NETWORK}/privateEndpoints/privateDnsZoneGroups")
    + f" {NETWORK}/privateDnsZones/join/action",
    "privatedns.PrivateZone": kept(f"{NETWORK}/privateDnsZones"),
    "privatedns.VirtualNetworkLink": kept(f"{NETWORK}/privateDnsZones/virtualNetworkLinks")
    + f" {NETWORK}/virtualNetworks/join/action",
    "resources:getResourceGroup": "Microsoft.Resources/subscriptions/resourceGroups/read",
    "storage:getStorageAccount": f"{STORAGE}/read",
    "storage:getBlobContainer": f"{STORAGE}/blobServices/containers/read",
    "storage:listStorageAccountKeys": f"{STORAGE}/listKeys/action",
    "monitor:getDiagnosticSetting": "Microsoft.Insights/diagnosticSettings/read",
    "managedidentity:getUserAssignedIdentity": f"{IDENTITY}/read",
    "managedidentity:getFederatedIdentityCredential": f"{IDENTITY}/federatedIdentityCredentials/"
    "read",
    "authorization:getRoleDefinition": f"{ROLES}Definitions/read",
    "authorization:getRoleAssignment": f"{ROLES}Assignments/read",
    "network:getPrivateEndpoint": f"{NETWORK}/privateEndpoints/read",
    "network:getPrivateDnsZoneGroup": f"{NETWORK}/privateEndpoints/privateDnsZoneGroups/read",
    "privatedns:getPrivateZone": f"{NETWORK}/privateDnsZones/read",
    "privatedns:getVirtualNetworkLink": f"{NETWORK}/privateDnsZones/virtualNetworkLinks/read",
}
"""Azure permissions ("Azure resource provider operations"), for each resource and function."""

DANGEROUS = "*/delete */regeneratekey/* */blobs/* Microsoft.KeyVault/* *[*]*"
"""With none of these can images be lost, read or changed; but a log may end."""


def allowed() -> set[str]:
    blocks = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.S)
    assert len(blocks) == 8
    return {each for block in blocks for each in json.loads(block)}


def declared() -> set[str]:
    """Each resource of pulumi_azure_native and each function in components/azure."""
    found = set()
    for path in COMPONENTS:
        text = path.read_text()
        tree = ast.parse(text)
        modules = {
            each.asname or each.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "pulumi_azure_native"
            for each in node.names
        } - {"Provider"}
        found |= {
            f"{node.func.value.id}.{node.func.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in modules
        }
        found |= set(re.findall(r'"(?:azure-native:)?([a-z]+:(?:get|list)\w+)"', text))
    return found


def test_the_table_is_of_what_the_components_use() -> None:
    assert declared() == NEEDS.keys()


@pytest.mark.parametrize("what", NEEDS)
def test_all_that_is_called_is_allowed(what: str) -> None:
    assert [each for each in NEEDS[what].split() if each not in allowed()] == []


def test_nothing_else_is_allowed() -> None:
    assert allowed() == {each for text in NEEDS.values() for each in text.split()}


def test_images_are_safe_from_it() -> None:
    dangerous = {
        each for each in allowed() if any(fnmatch(each.lower(), one) for one in DANGEROUS.split())
    }
    assert dangerous == {"Microsoft.Insights/diagnosticSettings/delete"}
    assert fnmatch(f"{STORAGE}/delete", DANGEROUS.split()[0])
