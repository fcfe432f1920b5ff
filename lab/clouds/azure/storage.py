"""Microsoft.Storage: the account in the store, its containers and the blobs' service in Azurite.

The shapes and names are those of pulumi-azure-native 3 (API version 2024-01-01).
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lab.clouds.azure.kind import GROUP, ArmError, ArmKind, matches, not_found
from lab.clouds.azure.names import blob_host
from lab.clouds.base.kind import CloudError, State
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import UNKNOWN, Inputs

ACCOUNT = f"{GROUP}Microsoft.Storage/storageAccounts/{{accountName}}"
SKUS = {
    *("Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_RAGRS", "Standard_GZRS"),
    *("Standard_RAGZRS", "Premium_LRS", "Premium_ZRS"),
}
PRIVATE = [
    ipaddress.IPv4Network(each)
    for each in ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
]
OPENED = {None: "None", "container": "Container", "blob": "Blob"}


class StorageAccount(ArmKind):
    token = "azure-native:storage:StorageAccount"
    path = ACCOUNT
    identity = frozenset({"accountName", "resourceGroupName", "location", "isHnsEnabled"})
    absent = {"tags": {}}
    not_played = frozenset(
        {
            "azureFilesIdentityBasedAuthentication",
            "customDomain",
            "dnsEndpointType",
            "enableNfsV3",
            "extendedLocation",
            "immutableStorageWithVersioning",
            "isSftpEnabled",
            "keyPolicy",
            "routingPreference",
            "sasPolicy",
        }
    )

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        yield from super().check(inputs)
        words = "has to be 3 to 24 lower-case letters and digits"
        yield from matches(inputs, r"[a-z0-9]{3,24}", words, "accountName")
        if (inputs.get("sku") or {}).get("name") not in {*SKUS, UNKNOWN}:
            yield Failure(("sku", "name"), f"has to be one of {', '.join(sorted(SKUS))}")

    def rules(self, identifier: str, inputs: Inputs, old: State | None) -> None:
        self.azure.group(inputs["resourceGroupName"])
        name = inputs["accountName"]
        others = self.store.every("Microsoft.Storage/storageAccounts")
        if any(
            each["path"].get("accountName") == name and each["id"].lower() != identifier.lower()
            for each in others
        ):
            # Names are one in the whole cloud ("Storage account overview").
            raise ArmError(
                409, "StorageAccountAlreadyTaken", f"The storage account named {name} is taken."
            )
        if inputs.get("minimumTlsVersion") == "TLS1_3":
            # The API's own description of the property.
            raise ArmError(400, "InvalidRequestPropertyValue", "TLS1_3 is not supported.")
        self._network(inputs.get("networkRuleSet") or {})
        self._encryption(inputs, old)

    def _network(self, rules: Mapping[str, Any]) -> None:
        """Azure Storage, "Configure network security": guidelines and limitations."""
        for each in rules.get("ipRules") or ():
            given = each["iPAddressOrRange"]
            try:
                network = ipaddress.IPv4Network(given)
            except ValueError:
                raise _network_problem(f"{given} is no IPv4 address or range") from None
            small = "/" in given and network.prefixlen > 30
            if small or any(network.subnet_of(each) for each in PRIVATE):
                raise _network_problem(f"{given} is private, or a range of /31 or /32")
        for each in rules.get("virtualNetworkRules") or ():
            subnet = self.store.get(each["virtualNetworkResourceId"])
            services = (subnet or {"properties": {}})["properties"].get("serviceEndpoints") or ()
            if not any(one["service"].startswith("Microsoft.Storage") for one in services):
                raise _network_problem(
                    f"SubnetsHaveNoServiceEndpointsConfigured: {each['virtualNetworkResourceId']}"
                )

    def _encryption(self, inputs: Inputs, old: State | None) -> None:
        wanted = inputs.get("encryption") or {}
        twice = bool(wanted.get("requireInfrastructureEncryption"))
        had = bool(((old or {}).get("encryption") or {}).get("requireInfrastructureEncryption"))
        if old is not None and twice != had and wanted:
            # Azure Storage, "Enable infrastructure encryption": only when the account is created.
            raise ArmError(
                400,
                "InvalidRequestPropertyValue",
                "requireInfrastructureEncryption can't be changed after the account is created.",
            )
        if wanted.get("keySource") == "Microsoft.Keyvault":
            by = (wanted.get("encryptionIdentity") or {}).get("encryptionUserAssignedIdentity")
            mine = (inputs.get("identity") or {}).get("userAssignedIdentities") or ()
            if by is None or by not in mine or self.store.get(by) is None:
                # Azure Storage, "Customer-managed keys for a new account": it needs an identity.
                raise ArmError(
                    400, "InvalidValuesForRequestParameters", "encryptionIdentity is not usable."
                )

    def made(self, identifier: str, inputs: Inputs, old: Mapping[str, Any]) -> State:
        name = inputs["accountName"]
        accounts = self.azure.service.accounts
        accounts.add([name])
        accounts.await_served(name)
        host = blob_host(name, self.azure.environment)
        return {"name": name, "primaryEndpoints": {"blob": f"https://{host}/"}}

    def delete(self, identifier: str, state: State) -> None:
        self.azure.reach(identifier)
        live = self.store.get(identifier)
        if live is not None:
            blobs = self.azure.service.blobs(live["path"]["accountName"], manager=True)
            for each in blobs.list_containers():
                blobs.delete_container(each.name)
        super().delete(identifier, state)

    def shown(self, key: str, value: Any) -> Any:
        if key == "identity" and isinstance(value, dict):
            # A list in, a mapping out.
            named = {each: {} for each in value.get("userAssignedIdentities") or ()}
            return {**value, "userAssignedIdentities": named}
        return value

    def normal(self, key: str, value: Any) -> Any:
        if key == "identity" and isinstance(value, dict):
            return {**value, "userAssignedIdentities": sorted(value["userAssignedIdentities"])}
        if key == "location" and isinstance(value, str):
            return re.sub(r"\s", "", value).lower()
        return value


class BlobContainer(ArmKind):
    token = "azure-native:storage:BlobContainer"
    path = f"{ACCOUNT}/blobServices/default/containers/{{containerName}}"
    identity = frozenset({"accountName", "resourceGroupName", "containerName"})
    absent = {"publicAccess": "None", "metadata": {}}
    not_played = frozenset(
        {
            "defaultEncryptionScope",
            "denyEncryptionScopeOverride",
            "enableNfsV3AllSquash",
            "enableNfsV3RootSquash",
            "immutableStorageWithVersioning",
        }
    )

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        yield from super().check(inputs)
        pattern = r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*"
        words = "has to be 3 to 63 lower-case letters and digits, single hyphens between them"
        yield from matches(inputs, pattern, words, "containerName")
        for key in inputs.get("metadata") or {}:
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key):
                # "Naming and referencing containers, blobs, and metadata".
                yield Failure(("metadata", key), "has to be an identifier of C#")

    def rules(self, identifier: str, inputs: Inputs, old: State | None) -> None:
        account = self.parent(identifier.partition("/blobServices/")[0])
        public = bool(account["properties"].get("allowBlobPublicAccess"))
        if inputs.get("publicAccess", "None") != "None" and not public:
            # Azure Storage, "Remediate anonymous read access to blob data".
            raise ArmError(409, "PublicAccessNotPermitted", "Public access is not permitted.")

    def create(self, inputs: Inputs) -> tuple[str, State]:
        identifier = self.identifier(inputs)
        self.azure.reach(identifier)
        self.parent(identifier.partition("/blobServices/")[0])
        if self.read(identifier, {}) is not None:
            raise CloudError(f"cannot create already existing resource '{identifier}'")
        self.rules(identifier, inputs, None)
        self._client(inputs).create_container(
            inputs["containerName"],
            metadata=inputs.get("metadata"),
            public_access=_opened(inputs),
        )
        self._put(identifier, inputs, None)
        return identifier, {}

    def read(self, identifier: str, known: State) -> State | None:
        from azure.core.exceptions import ResourceNotFoundError

        self.azure.reach(identifier)
        parts = identifier.split("/")
        path = dict(zip(self.in_path(), (parts[4], parts[8], parts[12]), strict=True))
        if self.store.get(identifier.partition("/blobServices/")[0]) is None:
            return None
        try:
            found = self._client(path).get_container_client(parts[12]).get_container_properties()
        except ResourceNotFoundError:
            return None
        return {
            **path,
            "name": parts[12],
            "publicAccess": OPENED[found.public_access],
            **({"metadata": dict(found.metadata)} if found.metadata else {}),
            "hasImmutabilityPolicy": False,
            "hasLegalHold": False,
        }

    def update(self, identifier: str, old: State, new: Inputs) -> None:
        self.rules(identifier, new, old)
        container = self._client(new).get_container_client(new["containerName"])
        if new.get("metadata") != old.get("metadata"):
            container.set_container_metadata(new.get("metadata"))
        if new.get("publicAccess", "None") != old.get("publicAccess", "None"):
            container.set_container_access_policy({}, public_access=_opened(new))

    def delete(self, identifier: str, state: State) -> None:
        live = self.read(identifier, {})
        if live is not None:
            self._client(live).delete_container(live["containerName"])
        super().delete(identifier, state)

    def _client(self, properties: Mapping[str, Any]) -> Any:
        return self.azure.service.blobs(properties["accountName"], manager=True)


class BlobServiceProperties(ArmKind):
    """Part of each account: creating it is a PUT over what is there (pulumi-azure-native, custom
    defaults of singletons). How long blobs are kept Azurite knows, the rest is the store's."""

    token = "azure-native:storage:BlobServiceProperties"
    path = f"{ACCOUNT}/blobServices/{{blobServicesName}}"
    identity = frozenset({"accountName", "resourceGroupName", "blobServicesName"})
    exists_already = True
    not_played = frozenset(
        {"automaticSnapshotPolicyEnabled", "lastAccessTimeTrackingPolicy", "restorePolicy"}
    )

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        yield from matches(inputs, "default", "has to be default", "blobServicesName")
        for each in ("deleteRetentionPolicy", "containerDeleteRetentionPolicy"):
            days = (inputs.get(each) or {}).get("days")
            if isinstance(days, int) and not 1 <= days <= 365:
                # "Soft delete for blobs": between 1 and 365 days.
                yield Failure((each, "days"), f"is {days}, and has to be 1 to 365")

    def rules(self, identifier: str, inputs: Inputs, old: State | None) -> None:
        from azure.storage.blob import RetentionPolicy

        self.parent(identifier.partition("/blobServices/")[0])
        wanted = inputs.get("deleteRetentionPolicy")
        if wanted is not None:
            policy = RetentionPolicy(bool(wanted.get("enabled")), wanted.get("days"))
            blobs = self.azure.service.blobs(inputs["accountName"], manager=True)
            blobs.set_service_properties(delete_retention_policy=policy)

    def read(self, identifier: str, known: State) -> State | None:
        found = super().read(identifier, known)
        if found is None:
            return None
        blobs = self.azure.service.blobs(found["accountName"], manager=True)
        policy = blobs.get_service_properties()["delete_retention_policy"]
        live = {"enabled": policy.enabled, **({"days": policy.days} if policy.enabled else {})}
        return {**found, "deleteRetentionPolicy": live}


def keys(azure: Any, given: Inputs) -> dict[str, Any]:
    """listKeys answers whether keys are taken or not."""
    account = StorageAccount(azure).identifier(given)
    azure.reach(account)
    if azure.service.store.get(account) is None:
        raise not_found(account)
    both = azure.service.accounts.keys(given["accountName"])
    return {
        "keys": [
            {"keyName": f"key{number}", "permissions": "FULL", "value": each, "creationTime": ""}
            for number, each in enumerate(both, 1)
        ]
    }


def _opened(inputs: Mapping[str, Any]) -> str | None:
    return {value: key for key, value in OPENED.items()}[inputs.get("publicAccess", "None")]


def _network_problem(message: str) -> ArmError:
    return ArmError(400, "NetworkAclsValidationFailure", message)


KINDS = (StorageAccount, BlobContainer, BlobServiceProperties)
FUNCTIONS = {"azure-native:storage:listStorageAccountKeys": keys}
