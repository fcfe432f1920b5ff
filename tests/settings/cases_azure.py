"""Every way to put storage in a container of Azure wrong."""

import copy
from typing import Any

from settings.azure import CLOUD_NAMES as BY_ENVIRONMENT
from tests.settings.case import GONE, Case

SEALED = {"secure": "v1:abc:def"}
KEY = "REGISTRY_STORAGE_AZURE_ACCOUNTKEY"
GIVEN = {"given": {KEY: SEALED}}
UUID = "00001111-aaaa-2222-bbbb-3333cccc4444"
GROUP = f"/subscriptions/{UUID}/resourceGroups/registries/providers"
SUBNET = f"{GROUP}/Microsoft.Network/virtualNetworks/prod-1/subnets/workers"
ZONE = f"{GROUP}/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net"
WORKSPACE = f"{GROUP}/Microsoft.OperationalInsights/workspaces/logs"
IDENTITY = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/registries"
CLOUD_NAMES = [*BY_ENVIRONMENT.values(), "AzureStackCloud", "AzureUSSecCloud", "public", ""]
ACTING = {"workloadIdentity": {"use": {"clientID": UUID, "tenantID": UUID}}}
NETWORK = {"subnetIDs": [SUBNET]}

AZURE: dict[str, Any] = {
    "kind": "azure",
    "environment": "public",
    "subscriptionID": UUID,
    "resourceGroup": "registries",
    "location": "westeurope",
    "account": {"create": {"name": "prod1registry", "network": NETWORK}},
    "container": {"create": {"name": "image-registry"}},
    "credentials": {"accountKey": {}},
}
USED = {"use": {"name": "prod1registry"}}
ADOPTED = {"adopt": {"name": "prod1registry"}}
USED_CONTAINER = {"use": {"name": "image-registry"}}
FOUND: dict[str, Any] = {
    "kind": "azure",
    "environment": "public",
    "account": USED,
    "container": USED_CONTAINER,
    "credentials": {"use": {}},
}
BAD_ACCOUNTS = ["ab", "a" * 25, "Prod1", "prod-1", "prod.1", "prod_1", "prod1\n"]
BAD_CONTAINERS = ["ab", "a" * 64, "Image", "image_registry", "image--registry", "-ab", "ab-", "a.b"]
CUSTOMER_KEY = {
    "keyVaultURI": "https://registries.vault.azure.net",
    "keyName": "images",
    "identityID": IDENTITY,
}
PRIVATE = {"create": {"subnetID": SUBNET}}


def storage(**changes: Any) -> dict[str, Any]:
    """A right storage section with some keys set, or taken out if `GONE`."""
    made = {**AZURE, **changes}
    return copy.deepcopy({key: each for key, each in made.items() if each is not GONE})


def account(mode: str = "create", **more: Any) -> dict[str, Any]:
    made = {"name": "prod1registry", "network": NETWORK, **more}
    return {mode: {key: each for key, each in made.items() if each is not GONE}}


def _azure(rule: str, path: str, says: str, fix: str, **changes: Any) -> Case:
    return Case({"storage": storage(**changes)}, rule, f"storage.{path}", says, fix)


def _account(rule: str, at: str, says: str, fix: str, **keys: Any) -> Case:
    return _azure(rule, f"account.create{at}", says, fix, account=account(**keys))


def _private(rule: str, at: str, says: str, fix: str, **chosen: Any) -> Case:
    closed = {"account": account(network=GONE), "credentials": ACTING}
    return _azure(rule, f"privateAccess{at}", says, fix, privateAccess=chosen, **closed)


CASES = [
    # Shape.
    _azure("required", "environment", "is missing", "environment: public", environment=GONE),
    _azure("value", "environment", "not one of its values", "usgovernment", environment="Azure"),
    _azure("required", "account", "is missing", "name: prod1registry", account=GONE),
    _azure("exactly-one", "account", "has none", "create, adopt, use", account={}),
    _azure("required", "container", "is missing", "name: image-registry", container=GONE),
    _azure("exactly-one", "container", "has none", "create, adopt, use", container={}),
    _azure("required", "credentials", "is missing", "use: {", credentials=GONE),
    _azure("exactly-one", "credentials", "has none", "accountKey, given", credentials="x"),
    _azure(
        *("exactly-one", "credentials", "accountKey and given", "accountKey, given"),
        credentials={"accountKey": {}, **GIVEN},
    ),
    _azure(
        *("exactly-one", "credentials.workloadIdentity", "has none", "create, use"),
        credentials={"workloadIdentity": {}},
    ),
    _private("exactly-one", "", "has none", "create, operator, use"),
    _private("exactly-one", "", "operator and use", "create, operator, use", operator={}, use={}),
    *(
        _azure("not-settable", key, says, "leave it out", **{key: "x"})
        for key, says in [
            ("managementState", "always Unmanaged"),
            ("azure", "by the stack"),
            ("accountName", "`account`"),
            ("networkAccess", "`privateAccess`"),
            (KEY, "credentials.given"),
        ]
    ),
    *(
        _account("not-settable", f".{key}", says, "leave it out", **{key: "x"})
        for key, says in [
            ("kind", "StorageV2"),
            ("enableHttpsTrafficOnly", "always on"),
            ("minimumTlsVersion", "TLS 1.2"),
            ("allowBlobPublicAccess", "to everybody"),
            ("allowCrossTenantReplication", "always off"),
            ("allowSharedKeyAccess", "follows the credentials"),
            ("publicNetworkAccess", "`privateAccess`"),
            ("networkRuleSet", "`network`"),
            ("managementPolicy", "issue 4363"),
            ("location", "beside `account`"),
            ("resourceGroup", "beside `account`"),
        ]
    ),
    *(
        _azure(
            *("not-settable", f"account.adopt.{key}", says, "leave it out"),
            account=account("adopt", **{key: "x"}),
        )
        for key, says in [("sku", "what the account has"), ("infrastructureEncryption", "any more")]
    ),
    _azure(
        *("not-settable", "container.create.publicAccess", "to everybody", "leave it out"),
        container={"create": {"name": "image-registry", "publicAccess": "Blob"}},
    ),
    *(
        _azure("not-settable", f"credentials.{key}", says, "leave it out", credentials=given)
        for key, says, given in [
            (KEY, "under `given`", {"accountKey": {}, KEY: SEALED}),
            ("create", "two keys from the beginning", {"accountKey": {}, "create": {}}),
        ]
    ),
    _azure(
        *("required", f"credentials.given.{KEY}", "is missing", "secure"),
        credentials={"given": {}},
    ),
    _azure(
        *("credentials:value", "credentials.given", f"{KEY} with a line end", "echo"),
        credentials={"given": {KEY: "s3cr3t\n"}},
    ),
    _azure("empty", f"credentials.given.{KEY}", "", "", credentials={"given": {KEY: ""}}),
    _azure(
        *("plain-secret", f"credentials.given.{KEY}", "in plain text", "--secret"),
        credentials={"given": {KEY: "s3cr3t"}},
    ),
    _azure(
        *("value", "credentials.accountKey.key", "not one of", "key1"),
        credentials={"accountKey": {"key": "primary"}},
    ),
    Case(
        {"storage": storage(), "cluster.version": "4.1"},
        *("version", "storage.kind", "came with OpenShift 4.2", "else another kind"),
    ),
    Case(
        {"storage": {**FOUND, "cloudName": "AzurePublicCloud"}, "cluster.version": "4.5"},
        *("version", "storage.cloudName", "came with OpenShift 4.6", "4.6"),
    ),
    Case(
        {"storage": {**FOUND, "environment": "china"}, "cluster.version": "4.5"},
        *("version", "storage.environment", "needs cloudName, which came", "4.6"),
    ),
    Case(
        {"storage": storage(credentials=ACTING), "cluster.version": "4.13"},
        *("version", "storage.credentials.workloadIdentity.use", "needs workloadIdentity", "4.14"),
    ),
    Case(
        {
            "storage": storage(
                account=account(network=GONE), credentials=ACTING, privateAccess={"operator": {}}
            ),
            "cluster.version": "4.14",
        },
        *("version", "storage.privateAccess.operator", "came with OpenShift 4.15", "4.15"),
    ),
    # Names of Azure.
    *(
        _account("azure:account-name", ".name", "Azure lets", "3 to 24", name=each)
        for each in BAD_ACCOUNTS
    ),
    *(
        _azure(
            *("azure:container-name", "container.create.name", "and the operator", "3 to 63"),
            container={"create": {"name": each}},
        )
        for each in BAD_CONTAINERS
    ),
    *(
        _azure("azure:id", "subscriptionID", "ID of a subscription", "as Azure", subscriptionID=x)
        for x in ("platform", UUID + "0", f"/subscriptions/{UUID}")
    ),
    _azure(
        *("azure:id", "credentials.workloadIdentity.use.clientID", "client ID", "as Azure shows"),
        credentials={"workloadIdentity": {"use": {"clientID": "x", "tenantID": UUID}}},
    ),
    _azure(
        *("azure:id", "credentials.workloadIdentity.use.tenantID", "ID of a tenant", "as Azure"),
        credentials={"workloadIdentity": {"use": {"clientID": UUID, "tenantID": "x"}}},
    ),
    _account("azure:id", ".diagnostics", "workspace of Log", "workspaces/", diagnostics="logs"),
    Case(
        {"storage": storage(account=account(network={"subnetIDs": ["workers"]}))},
        *("azure:id", "storage.account.create.network.subnetIDs[0]", "subnet by its", "subnets/"),
    ),
    _private(
        "azure:id", ".create.subnetID", "subnet by its ID", "subnets/", create={"subnetID": "x"}
    ),
    _private(
        *("azure:id", ".create.dnsZoneID", "DNS zone by its ID", "privateDnsZones/"),
        create={"subnetID": SUBNET, "dnsZoneID": SUBNET},
    ),
    _account(
        *("azure:id", ".customerKey.identityID", "identity by its ID", "userAssignedIdentities/"),
        customerKey={**CUSTOMER_KEY, "identityID": "x"},
    ),
    _account(
        *("azure:vault", ".customerKey.keyVaultURI", "URL of a key vault", "https://NAME"),
        customerKey={**CUSTOMER_KEY, "keyVaultURI": "registries"},
    ),
    _account(
        *("azure:name", ".customerKey.keyName", "name or version of a key", "letters"),
        customerKey={**CUSTOMER_KEY, "keyName": "a/b"},
    ),
    _azure("azure:name", "resourceGroup", "resource group", "period", resourceGroup="registries."),
    _azure("azure:name", "location", "is not a location", "westeurope", location="West Europe"),
    _azure(
        *("azure:name", "credentials.workloadIdentity.create.name", "an identity", "3 to 128"),
        credentials={"workloadIdentity": {"create": {"name": "a b"}}},
    ),
    *(
        Case(
            {"storage": storage(account=account(network={"ipRanges": [each]}))},
            *("azure:addresses", "storage.account.create.network.ipRanges[0]"),
            *("public address", "203.0.113.0/24"),
        )
        for each in ("10.1.2.3", "192.168.0.0/16", "172.16.0.1", "203.0.113.7/32", "2001:db8::1")
    ),
    *(
        _private(
            "azure:network-name", f".operator.{key}", "the operator takes", "no", operator=given
        )
        for key, given in [
            ("networkResourceGroupName", {"networkResourceGroupName": "net."}),
            ("vnetName", {"vnetName": "a"}),
            ("subnetName", {"subnetName": "-a"}),
            ("privateEndpointName", {"privateEndpointName": "a."}),
        ]
    ),
    *(
        _account("azure:tag", ".tags", "does not take", "1 to 128", tags=each)
        for each in ({"a/b": ""}, {"": "a"}, {"k" * 129: ""}, {"a": "v" * 257})
    ),
    _account("azure:tag", ".tags", "more than 48", "48", tags={f"t{i}": "" for i in range(49)}),
    _account(
        *("azure:tag-installer", ".tags", "openshift-install destroy", "leave it out"),
        tags={"kubernetes.io_cluster.prod-1-x7k2p": "owned"},
    ),
    _account("secure-key", ".tags", "encrypted", "second key", tags={"secure": "x"}),
    _account("value", ".sku", "not one of its values", "Standard_LRS", sku="Premium_LRS"),
    _account("range", ".softDeleteDays", "is below 1", "from 1 to 365", softDeleteDays=0),
    # Where the account is. Public case C17.
    *(
        _azure("required", key, "made, owned or read", f"{key}: ", **{key: GONE})
        for key in ("subscriptionID", "resourceGroup", "location")
    ),
    *(
        Case(
            {"storage": {**FOUND, "resourceGroup": "registries", **changes}},
            *("required", "storage.subscriptionID", "made, owned or read", "subscriptionID: "),
        )
        for changes in [
            {"account": ADOPTED},
            {"container": {"create": {"name": "image-registry"}}},
            {"container": {"adopt": {"name": "image-registry"}}},
            {"credentials": {"accountKey": {}}},
            {"credentials": {"workloadIdentity": {"create": {}}}},
            {"privateAccess": PRIVATE},
        ]
    ),
    _azure(
        *("azure:cloud-name", "cloudName", "not one of its values", "AzureUSGovernmentCloud"),
        cloudName="AzureUSGovernment",
    ),
    _azure(
        *("azure:cloud-name", "cloudName", "contradicts environment: public", "leave it out"),
        cloudName="AzureChinaCloud",
    ),
    _azure("azure:stack", "cloudName", "one's own", "`given`", cloudName="AzureStackCloud"),
    _azure(
        *("azure:german", "environment", "no longer reaches", "`given`"),
        environment="german",
        location="germanycentral",
    ),
    *(
        _azure("azure:environment", "location", says, "environment: ", location=location)
        for location, says in [
            ("usgovvirginia", "in the cloud usgovernment"),
            ("chinaeast2", "in the cloud china"),
            ("germanycentral", "in the cloud german"),
        ]
    ),
    _azure(
        *("azure:environment", "location", "in the cloud public", "environment: public"),
        environment="usgovernment",
    ),
    *(
        _azure(
            *("azure:new-account", f"container.{mode}", "only made here", "`create`"),
            container={mode: {"name": "image-registry"}},
        )
        for mode in ("adopt", "use")
    ),
    _azure(
        *("azure:installer-group", "resourceGroup", "the cluster's own", "a group that stays"),
        resourceGroup="prod-1-x7k2p-rg",
    ),
    *(
        _azure(
            *("azure:installer-account", "resourceGroup", "the cluster's own", "move to another"),
            resourceGroup="Prod-1-x7k2p-RG",
            account=each,
        )
        for each in (USED, ADOPTED)
    ),
    # Who gets through.
    *(
        _account("azure:network", ".network", "not even the cluster", "subnetIDs", network=network)
        for network in (GONE, {}, {"subnetIDs": []}, {"ipRanges": []})
    ),
    _azure(
        *("azure:network", "account.adopt.network", "not even the cluster", "subnetIDs"),
        account=account("adopt", network={}),
    ),
    _azure(
        *("azure:network", "account.create.network", "with privateAccess nobody", "one of the two"),
        privateAccess=PRIVATE,
    ),
    *(
        Case(
            {
                "storage": storage(
                    account=account(network=GONE),
                    credentials=credentials,
                    privateAccess={"operator": {}},
                )
            },
            *("azure:network-access", "storage.privateAccess.operator", "no endpoint", "`create`"),
        )
        for credentials in ({"accountKey": {}}, GIVEN, {"use": {}})
    ),
    *(
        Case(
            {
                "storage": storage(account=account(network=GONE), privateAccess=private),
                "registry": {"disableRedirect": False},
            },
            *("s3:redirect", "registry.disableRedirect", "an account that is closed", "write true"),
        )
        for private in (PRIVATE, {"use": {}})
    ),
    Case(
        {"storage": storage(), "credentials": {"create": {KEY: SEALED}}},
        *("credentials:unused", "credentials", "under storage.credentials", "leave"),
    ),
]
