"""What is declared in Azure, with a subscription in which nothing is yet, and with one that has
some."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from pulumi.output import Unknown
from pulumi.runtime import mocks

from components.azure.names import metadata_of, tags_of
from settings.credentials import SECRET_NAME
from settings.facts import LiveFacts
from tests.components.conftest import OnCloud, Recorder
from tests.components.declared import Declared
from tests.components.test_credential_secret import unmarked
from tests.settings.case import GONE
from tests.settings.cases_azure import (
    CUSTOMER_KEY,
    IDENTITY,
    KEY,
    SUBNET,
    UUID,
    WORKSPACE,
    ZONE,
    account,
    storage,
)

CANARY = "CANARY-account-key"
NAME, CONTAINER = "prod1registry", "image-registry"
USER = "prod-1-x7k2p-image-registry"
GROUP = f"/subscriptions/{UUID}/resourceGroups/registries"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{NAME}"
ISSUER = "https://oidc.example.test/prod-1"
MADE = {"workloadIdentity": {"create": {}}}
USED, USED_CONTAINER = {"use": {"name": NAME}}, {"use": {"name": CONTAINER}}
ADOPTED = {"account": {"adopt": {"name": NAME}}, "container": {"adopt": {"name": CONTAINER}}}


def live_account(**more: Any) -> dict[str, Any]:
    sku = {"name": "Standard_ZRS", "tier": "Standard"}
    return {"id": ACCOUNT, "kind": "StorageV2", "location": "westeurope", "sku": sku, **more}


@dataclass
class Azure(Recorder):
    """Azure as the plugin tells it: `there` is what its data functions find."""

    there: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refused: str = ""

    def call(self, args: mocks.MockCallArgs) -> Any:
        name = args.token.rpartition(":")[2]
        self.asked.append(name)
        if self.refused:
            return {}, [("", self.refused)]
        if name == "listStorageAccountKeys":
            keys = [("key1", CANARY), ("key2", "CANARY-other")]
            return {"keys": [{"keyName": each, "value": value} for each, value in keys]}
        if name == "getResourceGroup":
            return {"id": GROUP, "location": "westeurope"}
        if name not in self.there:
            return {}, [("", "RESPONSE 404: 404 Not Found ERROR CODE: ResourceNotFound")]
        return self.there[name]

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        identifier, state = super().new_resource(args)
        if args.typ.endswith(":UserAssignedIdentity"):
            state |= {"clientId": "client", "tenantId": "tenant", "principalId": "principal"}
        if "userAssignedIdentities" in state.get("identity", {}):
            # A list in, a mapping out.
            named = {each: {} for each in state["identity"]["userAssignedIdentities"]}
            state["identity"] = {**state["identity"], "userAssignedIdentities": named}
        return identifier, state


Declare = Callable[..., Declared[Azure]]


@pytest.fixture
def declare(on_cloud: OnCloud) -> Declare:
    def run(
        live: LiveFacts | None = None, azure: Azure | None = None, **changes: Any
    ) -> Declared[Azure]:
        return on_cloud("azure-native", azure or Azure(), storage(**changes), live)

    return run


def test_an_account_and_a_container(declare: Declare) -> None:
    made = declare()
    assert made.kinds() == ["BlobContainer", "BlobServiceProperties", "StorageAccount"]
    assert made.one("StorageAccount") == {
        "accountName": NAME,
        "resourceGroupName": "registries",
        "location": "westeurope",
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "enableHttpsTrafficOnly": True,
        "minimumTlsVersion": "TLS1_2",
        "allowBlobPublicAccess": False,
        "allowCrossTenantReplication": False,
        "allowSharedKeyAccess": True,
        "publicNetworkAccess": "Enabled",
        "networkRuleSet": {
            "defaultAction": "Deny",
            "bypass": "None",
            "ipRules": [],
            "virtualNetworkRules": [{"virtualNetworkResourceId": SUBNET, "action": "Allow"}],
        },
        "tags": tags_of("prod-1"),
    }
    container = made.one("BlobContainer")
    assert container["publicAccess"] == "None" and container["containerName"] == CONTAINER
    assert container["metadata"] == metadata_of("prod-1")
    properties = made.one("BlobServiceProperties")
    for each in ("deleteRetentionPolicy", "containerDeleteRetentionPolicy"):
        assert properties[each] == {"enabled": True, "days": 7}


def test_the_provider_is_of_one_subscription_and_cloud(declare: Declare) -> None:
    made = declare()
    kind = "pulumi:providers:azure-native"
    (provider,) = [each for each in made.cloud.made if each.typ == kind]
    assert provider.inputs["subscriptionId"] == UUID
    assert provider.inputs["environment"] == "public"


def test_what_holds_images_is_protected_and_all_of_it_is_kept(declare: Declare) -> None:
    options = declare(account=account(diagnostics=WORKSPACE)).options
    for kind in ("StorageAccount", "BlobContainer", "Secret"):
        assert options[kind].protect and options[kind].retain_on_delete, kind
    assert options["BlobServiceProperties"].retain_on_delete
    # Left out later, it goes.
    assert not options["DiagnosticSetting"].retain_on_delete


def test_the_key_is_secret_from_birth(declare: Declare) -> None:
    made = declare(azure=Azure(there={"getStorageAccount": live_account(tags=tags_of("prod-1"))}))
    secret = next(each for each in made.cloud.made if each.name == SECRET_NAME)
    assert secret.inputs["data"]
    for each in made.cloud.made:
        assert unmarked(each.inputs, [CANARY, "Q0FOQVJZ"]) == []


def test_the_other_key(declare: Declare) -> None:
    made = declare(credentials={"accountKey": {"key": "key2"}})
    assert "listStorageAccountKeys" in made.cloud.asked


def test_a_key_that_is_given_is_not_asked_for(declare: Declare) -> None:
    made = declare(credentials={"given": {KEY: "CANARY-given"}})
    assert "listStorageAccountKeys" not in made.cloud.asked
    for each in made.cloud.made:
        assert unmarked(each.inputs, ["Q0FOQVJZ"]) == []


def test_the_custom_resource_names_account_and_container(declare: Declare) -> None:
    spec = declare().one("ConfigPatch")["spec"]
    assert spec["storage"] == {
        "managementState": "Unmanaged",
        "azure": {"accountName": NAME, "container": CONTAINER},
    }
    assert spec["replicas"] == 2 and "disableRedirect" not in spec


def test_another_cloud_is_named(declare: Declare) -> None:
    there = {"environment": "usgovernment", "location": "usgovvirginia"}
    made = declare(**there)
    assert made.one("ConfigPatch")["spec"]["storage"]["azure"]["cloudName"] == (
        "AzureUSGovernmentCloud"
    )


def test_a_key_of_ones_own_and_a_second_encryption(declare: Declare) -> None:
    wanted = account(customerKey=CUSTOMER_KEY, infrastructureEncryption=True)
    made = declare(account=wanted).one("StorageAccount")
    encryption = made["encryption"]
    assert encryption["keySource"] == "Microsoft.Keyvault"
    assert encryption["requireInfrastructureEncryption"] is True
    assert encryption["keyVaultProperties"] == {
        "keyVaultUri": "https://registries.vault.azure.net",
        "keyName": "images",
    }
    assert encryption["encryptionIdentity"] == {"encryptionUserAssignedIdentity": IDENTITY}
    assert made["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY]}


def test_a_log_of_the_blobs(declare: Declare) -> None:
    made = declare(account=account(diagnostics=WORKSPACE)).one("DiagnosticSetting")
    assert made["resourceUri"] == f"{ACCOUNT}/blobServices/default"
    assert [each["category"] for each in made["logs"]] == [
        *("StorageRead", "StorageWrite", "StorageDelete")
    ]


def test_a_private_way(declare: Declare) -> None:
    made = declare(account=account(network=GONE), privateAccess={"create": {"subnetID": SUBNET}})
    assert made.one("StorageAccount")["publicNetworkAccess"] == "Disabled"
    assert made.one("StorageAccount")["networkRuleSet"]["virtualNetworkRules"] == []
    endpoint = made.one("PrivateEndpoint")
    assert endpoint["subnet"] == {"id": SUBNET}
    (connection,) = endpoint["privateLinkServiceConnections"]
    assert connection["privateLinkServiceId"] == ACCOUNT and connection["groupIds"] == ["blob"]
    assert made.one("PrivateZone")["privateZoneName"] == "privatelink.blob.core.windows.net"
    link = made.one("VirtualNetworkLink")
    assert link["virtualNetwork"] == {"id": SUBNET.removesuffix("/subnets/workers")}
    assert link["registrationEnabled"] is False
    spec = made.one("ConfigPatch")["spec"]
    assert spec["disableRedirect"] is True and "networkAccess" not in spec["storage"]["azure"]
    for kind in ("PrivateEndpoint", "PrivateZone", "VirtualNetworkLink", "PrivateDnsZoneGroup"):
        assert made.options[kind].retain_on_delete


def test_a_zone_that_is_there(declare: Declare) -> None:
    private = {"create": {"subnetID": SUBNET, "dnsZoneID": ZONE}}
    made = declare(account=account(network=GONE), privateAccess=private)
    assert "PrivateZone" not in made.kinds() and "VirtualNetworkLink" not in made.kinds()
    (config,) = made.one("PrivateDnsZoneGroup")["privateDnsZoneConfigs"]
    assert config["privateDnsZoneId"] == ZONE


def test_the_operator_closes_the_account_where_it_makes_the_way(declare: Declare) -> None:
    made = declare(
        live=LiveFacts(service_account_issuer=ISSUER),
        account=account(network=GONE),
        privateAccess={"operator": {"vnetName": "prod-1", "subnetName": "workers"}},
        credentials=MADE,
    )
    assert "PrivateEndpoint" not in made.kinds()
    assert made.one("StorageAccount")["networkRuleSet"]["defaultAction"] == "Deny"
    assert "publicNetworkAccess" in made.options["StorageAccount"].ignore_changes
    access = made.one("ConfigPatch")["spec"]["storage"]["azure"]["networkAccess"]
    assert access["internal"] == {"vnetName": "prod-1", "subnetName": "workers"}


def test_an_identity_trusts_two_service_accounts_and_opens_one_container(
    declare: Declare, request: pytest.FixtureRequest
) -> None:
    made = declare(live=LiveFacts(service_account_issuer=ISSUER), credentials=MADE)
    assert made.one("StorageAccount")["allowSharedKeyAccess"] is False
    assert made.one("UserAssignedIdentity")["resourceName"] == USER
    trusted = [each.inputs for each in made.cloud.made if each.typ.endswith("Credential")]
    assert [(each["issuer"], each["subject"].rpartition(":")[2]) for each in trusted] == [
        (ISSUER, "cluster-image-registry-operator"),
        (ISSUER, "registry"),
    ]
    assigned = {
        each.inputs["scope"]: each.inputs["roleDefinitionId"].rpartition("/")[2]
        for each in made.cloud.made
        if each.typ.endswith(":RoleAssignment")
    }
    role = made.one("RoleDefinition")
    assert assigned == {
        f"{ACCOUNT}/blobServices/default/containers/{CONTAINER}": (
            "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
        ),
        ACCOUNT: role["roleDefinitionId"],
    }
    (permission,) = role["permissions"]
    assert not any("listKeys" in each or "delete" in each for each in permission["actions"])
    patch = made.one("SecretPatch")
    assert patch["metadata"]["name"] == "installer-cloud-credentials"
    assert SECRET_NAME not in [each.name for each in made.cloud.made]
    assert made.options["SecretPatch"].protect and made.options["SecretPatch"].retain_on_delete


def test_an_identity_that_is_used_is_written_for_the_operator(declare: Declare) -> None:
    acting = {"workloadIdentity": {"use": {"clientID": UUID, "tenantID": UUID}}}
    made = declare(account=USED, container=USED_CONTAINER, credentials=acting)
    assert made.kinds() == [] and made.cloud.asked == []
    assert made.one("SecretPatch")


def test_a_preview_without_the_cluster_does_not_know_its_issuer(
    declare: Declare, request: pytest.FixtureRequest
) -> None:
    if "update" in request.node.callspec.id:
        with pytest.raises(pulumi.RunError, match="not known yet"):
            declare(credentials=MADE)
        return
    declare(credentials=MADE)


def test_an_adopted_account_is_imported_and_closed(declare: Declare) -> None:
    there = {"getStorageAccount": live_account(), "getBlobContainer": {"name": CONTAINER}}
    made = declare(azure=Azure(there=there), **ADOPTED)
    options = made.options["StorageAccount"]
    assert options.import_ == ACCOUNT
    assert {"tags", "networkRuleSet", "encryption", "accessTier"} <= set(options.ignore_changes)
    inputs = made.one("StorageAccount")
    assert inputs["sku"] == {"name": "Standard_ZRS"} and inputs["allowBlobPublicAccess"] is False
    assert "networkRuleSet" not in inputs and "BlobServiceProperties" not in made.kinds()
    container = f"{ACCOUNT}/blobServices/default/containers/{CONTAINER}"
    assert made.options["BlobContainer"].import_ == container
    assert "metadata" in made.options["BlobContainer"].ignore_changes


def test_what_has_been_made_is_taken_up(declare: Declare) -> None:
    there = {
        "getStorageAccount": live_account(tags=tags_of("prod-1")),
        "getBlobContainer": {"name": CONTAINER, "metadata": metadata_of("prod-1")},
    }
    options = declare(azure=Azure(there=there)).options
    assert options["StorageAccount"].import_ == ACCOUNT
    assert options["BlobContainer"].import_.endswith(f"/containers/{CONTAINER}")


@pytest.mark.parametrize(
    ("there", "told"),
    [
        (
            {"getStorageAccount": live_account(tags=tags_of("another"))},
            r"account.create.name: the account prod1registry exists .* somebody else's.*`adopt`",
        ),
        (
            {
                "getStorageAccount": live_account(tags=tags_of("prod-1")),
                "getBlobContainer": {"name": CONTAINER, "metadata": {}},
            },
            r"container.create.name: the container image-registry .* somebody else's.*`adopt`",
        ),
    ],
)
def test_what_others_have_made_is_refused(declare: Declare, there: dict, told: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"(?s){told}"):
        declare(azure=Azure(there=there))


@pytest.mark.parametrize(
    ("there", "changes", "told"),
    [
        ({}, ADOPTED, r"account.adopt.name: prod1registry: there is no such storage account"),
        (
            {"getStorageAccount": live_account()},
            {"account": USED, "container": {"adopt": {"name": CONTAINER}}},
            r"container.adopt.name: image-registry: there is no such container",
        ),
        (
            {"getStorageAccount": live_account(location="northeurope")},
            ADOPTED,
            r"storage.location: westeurope: the storage account prod1registry is in northeurope",
        ),
        (
            {"getStorageAccount": live_account(allowSharedKeyAccess=False)},
            {"account": USED},
            r"account.use: prod1registry: the storage account takes no keys",
        ),
    ],
)
def test_what_has_to_be_there(declare: Declare, there: dict, changes: dict, told: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"(?s){told}.*fix: "):
        declare(azure=Azure(there=there), **changes)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("404 SubscriptionNotFound", rf"subscriptionID: {UUID}: this login reaches no such"),
        ("403 AuthorizationFailed", rf"subscriptionID: {UUID}: this login may not read"),
        ("404 ResourceGroupNotFound", r"resourceGroup: registries: there is no such resource"),
        ("503 out of order", r"could not be asked.*docs/how-to/azure-permissions.md"),
    ],
)
def test_what_azure_says_is_told_with_a_fix(declare: Declare, said: str, told: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"(?s){told}.*"):
        declare(azure=Azure(refused=said))


def test_a_key_that_cannot_be_read(declare: Declare, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoKeys(Azure):
        def call(self, args: mocks.MockCallArgs) -> Any:
            if args.token.endswith(":listStorageAccountKeys"):
                return {}, [("", "403 not allowed")]
            return super().call(args)

    there = {"getStorageAccount": live_account(), "getBlobContainer": {"name": CONTAINER}}
    with pytest.raises(Exception, match=r"(?s)keys of the storage account prod1registry.*listKeys"):
        declare(azure=NoKeys(there=there), account=USED, container=USED_CONTAINER)


def test_the_subscription_is_asked_once_for_each_thing(declare: Declare) -> None:
    there = {"getStorageAccount": live_account(tags=tags_of("prod-1"))}
    asked = declare(azure=Azure(there=there)).cloud.asked
    assert sorted(asked) == [
        *("getBlobContainer", "getResourceGroup", "getStorageAccount", "listStorageAccountKeys")
    ]


def test_an_unknown_is_no_key(declare: Declare, request: pytest.FixtureRequest) -> None:
    """Of an account that is only planned there is nothing to read."""
    made = declare()
    if "preview" in request.node.callspec.id:
        secret = next(each for each in made.cloud.made if each.name == SECRET_NAME)
        assert isinstance(secret.inputs.get("data"), Unknown | dict | None)
