"""What the Azure stand-in refuses, each by a documented rule, and what it takes for a change."""

import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lab.clouds.azure.cloud import AzureNative
from lab.clouds.azure.kind import ArmError
from lab.clouds.azure.names import SUBSCRIPTION
from lab.clouds.azure.server.rules import refusal
from lab.clouds.azure.store import Store
from lab.clouds.base.difference import difference
from lab.clouds.base.kind import CloudError
from lab.clouds.base.plugin import Plugin
from lab.clouds.base.shapes import arguments, outputs, shape

ROOT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/registries"
ACCOUNT = f"{ROOT}/providers/Microsoft.Storage/storageAccounts/lab1"
NETWORK = f"{ROOT}/providers/Microsoft.Network/virtualNetworks/lab"
SUBNET, OTHER_SUBNET = f"{NETWORK}/subnets/nodes", f"{NETWORK}/subnets/others"
ENDPOINT = f"{ROOT}/providers/Microsoft.Network/privateEndpoints/lab1-blob"
GUID = "11111111-2222-3333-4444-555555555555"
CONTRIBUTOR = (
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
)
GROUP = {"resourceGroupName": "registries"}
STORAGE, NETWORKS = "azure-native:storage", "azure-native:network"
GOOD: dict[str, dict[str, Any]] = {
    "storage:StorageAccount": {
        **GROUP,
        "accountName": "lab1",
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "location": "westeurope",
    },
    "managedidentity:UserAssignedIdentity": {**GROUP, "resourceName": "registry"},
    "managedidentity:FederatedIdentityCredential": {
        **GROUP,
        "resourceName": "registry",
        "federatedIdentityCredentialResourceName": "one",
        "issuer": "https://oidc.example.test",
        "subject": "system:serviceaccount:a:b",
        "audiences": ["openshift"],
    },
    "authorization:RoleAssignment": {
        "scope": ACCOUNT,
        "roleAssignmentName": GUID,
        "roleDefinitionId": CONTRIBUTOR,
        "principalId": "principal",
        "principalType": "ServicePrincipal",
    },
    "authorization:RoleDefinition": {
        "scope": ROOT,
        "roleDefinitionId": GUID,
        "roleName": "registry",
        "assignableScopes": [ROOT],
    },
    "network:PrivateEndpoint": {
        **GROUP,
        "privateEndpointName": "lab1-blob",
        "location": "westeurope",
        "subnet": {"id": SUBNET},
        "privateLinkServiceConnections": [
            {"name": "a", "privateLinkServiceId": ACCOUNT, "groupIds": ["blob"]}
        ],
    },
    "privatedns:PrivateZone": {**GROUP, "privateZoneName": "a.test", "location": "global"},
    "privatedns:VirtualNetworkLink": {
        **GROUP,
        "privateZoneName": "a.test",
        "virtualNetworkLinkName": "lab",
        "virtualNetwork": {"id": NETWORK},
    },
    "monitor:DiagnosticSetting": {
        "resourceUri": f"{ACCOUNT}/blobServices/default",
        "name": "log",
        "storageAccountId": ACCOUNT,
        "logs": [{"category": "StorageRead", "enabled": True}],
    },
}
BEFORE = {
    "managedidentity:FederatedIdentityCredential": ["managedidentity:UserAssignedIdentity"],
    "privatedns:VirtualNetworkLink": ["privatedns:PrivateZone"],
}


class Known:
    """Accounts without a server for their blobs."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def add(self, names: list[str]) -> None:
        self.names += names

    def await_served(self, name: str) -> None:
        assert name in self.names

    def keys(self, name: str) -> list[str]:
        return ["one", "two"]


@pytest.fixture
def azure(tmp_path: Path) -> AzureNative:
    found, store = AzureNative(), Store(tmp_path)
    found.subscription = SUBSCRIPTION
    vars(found)["service"] = SimpleNamespace(store=store, accounts=Known())
    put(store, ROOT, resourceGroupName="registries")
    put(store, ACCOUNT, accountName="lab1")
    put(store, NETWORK)
    put(store, SUBNET, serviceEndpoints=[{"service": "Microsoft.Storage"}])
    put(store, OTHER_SUBNET)
    identity = f"{ROOT}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one"
    put(store, identity)
    store.put(identity, {"path": {}, "properties": {}, "made": {"principalId": "principal"}})
    return found


def put(store: Store, identifier: str, **path: Any) -> None:
    properties = {"location": "westeurope", **path}
    store.put(identifier, {"path": path, "properties": properties})


def check(azure: AzureNative, token: str, inputs: dict[str, Any]) -> list[str]:
    urn = f"urn:pulumi:test::clouds::azure-native:{token}::it"
    found = Plugin(azure).check(urn, {}, inputs, b"")[1]
    return [f"{each.property} {each.reason}" for each in found]


def create(azure: AzureNative, token: str, **changes: Any) -> tuple[str, dict[str, Any]]:
    inputs = copy.deepcopy({**GOOD[token], **changes})
    assert check(azure, token, inputs) == []
    if token == "storage:StorageAccount" and "accountName" not in changes:
        azure.service.store.remove(ACCOUNT)
    return Plugin(azure).create(f"azure-native:{token}", inputs, preview=False)


@pytest.mark.parametrize("token", list(AzureNative().kinds))
def test_every_type_is_one_of_the_sdks(token: str) -> None:
    kind, wanted = AzureNative().kinds[token], shape(arguments(token))
    named = {*kind.identity, *kind.absent, *kind.local, *kind.documents, *kind.not_played}
    assert named | {*kind.in_path()} <= wanted.types.keys()
    assert {*kind.secret, *kind.kept} <= set(outputs(token))


@pytest.mark.parametrize("token", GOOD)
def test_what_is_right_is_made_once_and_read_back(azure: AzureNative, token: str) -> None:
    for each in BEFORE.get(token, []):
        create(azure, each)
    identifier, state = create(azure, token)
    kind = azure.kinds[f"azure-native:{token}"]
    inputs = GOOD[token]
    assert inputs.items() <= state.items()
    live = kind.read(identifier, {})
    assert difference(kind, inputs, live, inputs).changed == {}
    with pytest.raises(CloudError, match="cannot create already existing resource"):
        Plugin(azure).create(f"azure-native:{token}", copy.deepcopy(inputs), preview=False)
    found = azure.functions[":get".join(f"azure-native:{token}".rsplit(":", 1))](inputs)
    assert found["id"] == identifier
    kind.delete(identifier, {}) if token != "storage:StorageAccount" else None


@pytest.mark.parametrize(
    ("token", "changes", "says"),
    [
        ("storage:StorageAccount", {"acountName": "a"}, "there is no such property; accountName?"),
        ("storage:StorageAccount", {"accountName": "Lab-1"}, "3 to 24 lower-case"),
        ("storage:StorageAccount", {"sku": {"name": "Huge"}}, "sku.name has to be one of"),
        ("storage:StorageAccount", {"tags": {"a/b": "c"}}, "may not hold any of"),
        ("storage:StorageAccount", {"tags": {str(n): "" for n in range(51)}}, "are 51"),
        ("storage:StorageAccount", {"tags": {"a": "b" * 257}}, "longer than 256"),
        ("storage:StorageAccount", {"isSftpEnabled": True}, "does not play this property"),
        ("managedidentity:UserAssignedIdentity", {"resourceName": "-"}, "3 to 128"),
        ("managedidentity:FederatedIdentityCredential", {"audiences": []}, "has to be one"),
        ("managedidentity:FederatedIdentityCredential", {"issuer": "http://a"}, "URL of https"),
        ("authorization:RoleAssignment", {"roleAssignmentName": "a"}, "has to be a GUID"),
        ("authorization:RoleDefinition", {"roleDefinitionId": "a"}, "has to be a GUID"),
        ("authorization:RoleDefinition", {"assignableScopes": []}, "one scope at least"),
        ("privatedns:PrivateZone", {"location": "westeurope"}, "has to be global"),
        (
            "monitor:DiagnosticSetting",
            {"logs": [{"category": "Everything", "enabled": True}]},
            "logs[0].category has to be one of",
        ),
    ],
)
def test_what_the_plugin_refuses(
    azure: AzureNative, token: str, changes: dict[str, Any], says: str
) -> None:
    assert check(azure, token, GOOD[token]) == []
    found = check(azure, token, {**GOOD[token], **changes})
    assert any(says in each for each in found), found


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"blobServicesName": "own"}, "has to be default"),
        ({"deleteRetentionPolicy": {"enabled": True, "days": 366}}, "is 366"),
    ],
)
def test_what_is_set_for_all_blobs(azure: AzureNative, changes: dict, says: str) -> None:
    token = "storage:BlobServiceProperties"
    inputs = {**GROUP, "accountName": "lab1", "blobServicesName": "default", **changes}
    assert any(says in each for each in check(azure, token, inputs))


@pytest.mark.parametrize("name", ["ab", "a--b", "A", "-ab"])
def test_names_of_containers(azure: AzureNative, name: str) -> None:
    inputs = {**GROUP, "accountName": "lab1", "containerName": name}
    assert check(azure, "storage:BlobContainer", inputs)
    marked = {**inputs, "containerName": "abc", "metadata": {"a.b": "c"}}
    assert check(azure, "storage:BlobContainer", marked)


NOBODY = {"iPAddressOrRange": "203.0.113.0/31"}


@pytest.mark.parametrize(
    ("token", "changes", "says"),
    [
        ("storage:StorageAccount", {"resourceGroupName": "none"}, "ResourceGroupNotFound"),
        ("storage:StorageAccount", {"minimumTlsVersion": "TLS1_3"}, "not supported"),
        ("storage:StorageAccount", {"networkRuleSet": {"ipRules": [NOBODY]}}, "/31 or /32"),
        (
            "storage:StorageAccount",
            {"networkRuleSet": {"ipRules": [{"iPAddressOrRange": "10.0.0.1"}]}},
            "is private",
        ),
        (
            "storage:StorageAccount",
            {
                "networkRuleSet": {
                    "virtualNetworkRules": [{"virtualNetworkResourceId": OTHER_SUBNET}]
                }
            },
            "SubnetsHaveNoServiceEndpointsConfigured",
        ),
        (
            "storage:StorageAccount",
            {"encryption": {"keySource": "Microsoft.Keyvault"}},
            "encryptionIdentity",
        ),
        ("managedidentity:FederatedIdentityCredential", {}, "ParentResourceNotFound"),
        ("authorization:RoleAssignment", {"principalId": "nobody"}, "PrincipalNotFound"),
        ("authorization:RoleAssignment", {"scope": f"{ACCOUNT}x"}, "ResourceNotFound"),
        (
            "authorization:RoleAssignment",
            {"roleDefinitionId": CONTRIBUTOR[:-1] + "0"},
            "RoleDefinitionDoesNotExist",
        ),
        ("network:PrivateEndpoint", {"subnet": {"id": f"{SUBNET}x"}}, "InvalidResourceReference"),
        ("network:PrivateEndpoint", {"location": "northeurope"}, "network is in westeurope"),
        (
            "network:PrivateEndpoint",
            {
                "privateLinkServiceConnections": [
                    {"name": "a", "privateLinkServiceId": ACCOUNT, "groupIds": []}
                ]
            },
            "one group ID",
        ),
        ("privatedns:VirtualNetworkLink", {}, "ParentResourceNotFound"),
        ("monitor:DiagnosticSetting", {"storageAccountId": ""}, "needs a destination"),
        ("monitor:DiagnosticSetting", {"workspaceId": f"{ROOT}/none"}, "ResourceNotFound"),
    ],
)
def test_what_azure_refuses(
    azure: AzureNative, token: str, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(CloudError, match=says):
        create(azure, token, **changes)


def test_what_there_may_be_one_of(azure: AzureNative) -> None:
    create(azure, "storage:StorageAccount")
    put(azure.service.store, f"{ROOT}2", resourceGroupName="registries2")
    with pytest.raises(ArmError, match="AlreadyTaken"):
        create(azure, "storage:StorageAccount", resourceGroupName="registries2", accountName="lab1")
    create(azure, "authorization:RoleAssignment")
    with pytest.raises(ArmError, match="RoleAssignmentExists"):
        create(azure, "authorization:RoleAssignment", roleAssignmentName=GUID[:-1] + "6")
    create(azure, "authorization:RoleDefinition")
    with pytest.raises(ArmError, match="SameNameExists"):
        create(azure, "authorization:RoleDefinition", roleDefinitionId=GUID[:-1] + "6")
    create(azure, "managedidentity:UserAssignedIdentity")
    create(azure, "managedidentity:FederatedIdentityCredential")
    with pytest.raises(ArmError, match="have to be unique"):
        create(
            azure,
            "managedidentity:FederatedIdentityCredential",
            federatedIdentityCredentialResourceName="two",
        )
    create(azure, "privatedns:PrivateZone")
    create(azure, "privatedns:VirtualNetworkLink")
    with pytest.raises(ArmError, match="is linked to a zone"):
        create(azure, "privatedns:VirtualNetworkLink", virtualNetworkLinkName="two")


def test_a_second_encryption_is_for_ever(azure: AzureNative) -> None:
    identifier, state = create(azure, "storage:StorageAccount")
    twice = {"keySource": "Microsoft.Storage", "requireInfrastructureEncryption": True}
    kind = azure.kinds["azure-native:storage:StorageAccount"]
    with pytest.raises(ArmError, match="can't be changed"):
        kind.update(identifier, state, {**GOOD["storage:StorageAccount"], "encryption": twice})


def test_another_subscription_is_not_reached(azure: AzureNative) -> None:
    azure.subscription = SUBSCRIPTION.replace("4", "9")
    with pytest.raises(ArmError, match="SubscriptionNotFound"):
        create(azure, "storage:StorageAccount", accountName="other")


def test_keys_are_of_an_account_that_is_there(azure: AzureNative) -> None:
    token = "azure-native:storage:listStorageAccountKeys"
    found = azure.functions[token]({**GROUP, "accountName": "lab1"})
    assert [(each["keyName"], each["value"]) for each in found["keys"]] == [
        ("key1", "one"),
        ("key2", "two"),
    ]
    with pytest.raises(ArmError, match="ResourceNotFound"):
        azure.functions[token]({**GROUP, "accountName": "none"})


def test_an_identity_goes_in_as_a_list_and_comes_out_as_a_mapping(azure: AzureNative) -> None:
    kind = azure.kinds["azure-native:storage:StorageAccount"]
    given = {"type": "UserAssigned", "userAssignedIdentities": ["a"]}
    told = kind.planned({"identity": given})["identity"]
    assert told["userAssignedIdentities"] == {"a": {}}
    assert difference(kind, {}, {"identity": told}, {"identity": given}).changed == {}


OPEN = {"networkRuleSet": {"defaultAction": "Allow"}}
SUBNETS = {"networkRuleSet": {"defaultAction": "Deny", "virtualNetworkRules": [{}]}}
WAY = {"properties": {"privateLinkServiceConnections": [{"privateLinkServiceId": ACCOUNT}]}}
KEY = {"Authorization": "SharedKey lab1:signature"}


@pytest.mark.parametrize(
    ("properties", "ways", "headers", "query", "code"),
    [
        (None, [], KEY, "", "InvalidUri"),
        (OPEN, [], KEY, "", ""),
        (SUBNETS, [], KEY, "", ""),
        ({"networkRuleSet": {"defaultAction": "Deny"}}, [], KEY, "", "AuthorizationFailure"),
        ({**OPEN, "publicNetworkAccess": "Disabled"}, [], KEY, "", "AuthorizationFailure"),
        ({"publicNetworkAccess": "Disabled"}, [WAY], KEY, "", ""),
        ({"allowSharedKeyAccess": False}, [], KEY, "", "KeyBasedAuthenticationNotPermitted"),
        ({"allowSharedKeyAccess": False}, [], {}, "sig=a", "KeyBasedAuthenticationNotPermitted"),
        ({}, [], {}, "sig=a", ""),
        ({}, [], {}, "", "PublicAccessNotPermitted"),
        ({"allowBlobPublicAccess": True}, [], {}, "", ""),
        ({}, [], {**KEY, "x-ms-blob-public-access": "blob"}, "", "PublicAccessNotPermitted"),
    ],
)
def test_what_the_front_asks_first(
    properties: Any, ways: Any, headers: dict[str, str], query: str, code: str
) -> None:
    account = None if properties is None else {"id": ACCOUNT, "properties": properties}
    found = refusal(account, ways, headers, query)
    assert (found.code if found else "") == code
