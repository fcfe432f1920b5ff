"""Azure Blob Storage with the user's account key, or an identity of the cluster
(pkg/storage/azure/azure.go)."""

from copy import deepcopy

from lab.kinds import Object
from lab.operator import names
from lab.operator.conditions import put_storage_exists
from lab.operator.errors import SyncError
from lab.operator.storage.cloud import (
    MINTED_SECRET,
    USER_SECRET,
    Cloud,
    minted_credentials,
    required,
    user_credentials,
)
from lab.operator.storage.driver import Variable, default_management_state
from lab.operator.world import World

ACCOUNT_KEY = "REGISTRY_STORAGE_AZURE_ACCOUNTKEY"
TOKEN_FILE = "azure_federated_token_file"
AUTHORITIES = {
    "core.usgovcloudapi.net": "https://login.microsoftonline.us/",
    "core.chinacloudapi.cn": "https://login.chinacloudapi.cn/",
    "core.cloudapi.de": "https://login.microsoftonline.de/",
}
"""Where each cloud's identities are known; the public one's is the rest."""
STORAGE_SUFFIXES = {
    "AZURECLOUD": "core.windows.net",
    "AZUREPUBLICCLOUD": "core.windows.net",
    "AZUREUSGOVERNMENTCLOUD": "core.usgovcloudapi.net",
    "AZURECHINACLOUD": "core.chinacloudapi.cn",
    "AZUREGERMANCLOUD": "core.cloudapi.de",
}
"""By go-autorest's `EnvironmentFromName`, which ignores case. AzureStackCloud needs a file of the
cluster's own and is not modelled."""


class Azure(Cloud):
    """With a key of the user's the operator creates nothing, and asks Azure nothing on a change
    of the configuration (`processUPI`). Later it does look for the container; the lab does not."""

    key = "azure"
    name = "Azure"
    where = "container"
    found = ("ContainerExists", "Storage container exists")

    def check(self, block: Object, world: World) -> None:
        storage_suffix(block.get("cloudName", ""))
        if names.USER_CONFIGURATION in world.secrets:
            self._account_key(world)
            return
        self._identity(world)
        if (block.get("networkAccess") or {}).get("type") == "Internal":
            raise SyncError(
                "Unable to process private endpoint: the lab's operator makes none; let the stack "
                "make it"
            )

    def create(self, config: Object, world: World) -> list[Object]:
        """`processUPI`: an incomplete block is no error, only a condition. Without a key it would
        make what is missing."""
        block = config["spec"]["storage"]["azure"]
        if names.USER_CONFIGURATION not in world.secrets:
            return super().create(config, world)
        self.check(block, world)
        if not block.get("accountName") or not block.get("container"):
            message = (
                "Storage account is provided, but container is not specified"
                if block.get("accountName")
                else "Storage account key is provided, but account name is not specified"
            )
            put_storage_exists(config, "False", "StorageNotConfigured", message)
            return []
        default_management_state(config, "Unmanaged")
        config["status"]["storage"] = {"azure": deepcopy(block)}
        put_storage_exists(config, "True", "UserManaged", "Storage is managed by the user")
        return []

    def environment(self, block: Object, world: World) -> list[Variable]:
        prefix, cloud = "REGISTRY_STORAGE_AZURE", block.get("cloudName", "")
        variables = [
            *self._login(cloud, world),
            Variable("REGISTRY_STORAGE", "azure"),
            Variable(f"{prefix}_CONTAINER", block.get("container", "")),
            Variable(f"{prefix}_ACCOUNTNAME", block.get("accountName", "")),
        ]
        return (
            [*variables, Variable(f"{prefix}_REALM", storage_suffix(cloud))] if cloud else variables
        )

    def _login(self, cloud: str, world: World) -> list[Variable]:
        """The names without a prefix are those of Azure's own SDK."""
        if names.USER_CONFIGURATION in world.secrets:
            return [Variable(ACCOUNT_KEY, self._account_key(world), secret=True)]
        identity = self._identity(world)
        authority = AUTHORITIES.get(storage_suffix(cloud), "https://login.microsoftonline.com/")
        return [
            Variable("AZURE_CLIENT_ID", identity["azure_client_id"]),
            Variable("AZURE_TENANT_ID", identity["azure_tenant_id"]),
            Variable("AZURE_FEDERATED_TOKEN_FILE", identity[TOKEN_FILE]),
            Variable("AZURE_AUTHORITY_HOST", authority),
        ]

    def _identity(self, world: World) -> dict[str, str]:
        """`GetConfig`, and what its clients want of it. A client's secret is not modelled."""
        found = minted_credentials(world)
        wanted = ("azure_client_id", "azure_tenant_id", "azure_subscription_id", TOKEN_FILE)
        missing = [each for each in wanted if not found.get(each)]
        if missing or found.get("azure_client_secret"):
            raise SyncError(
                f'secret "{MINTED_SECRET}" is not one of a workload identity: it lacks '
                f"{', '.join(missing) or 'nothing, and has a client secret'}"
            )
        return found

    def _account_key(self, world: World) -> str:
        key = required(user_credentials(world), ACCOUNT_KEY)
        if not key:
            raise SyncError(
                f"the secret {USER_SECRET} has an empty value for {ACCOUNT_KEY}; the secret should "
                "be removed so that the operator can use cluster-wide secrets or it should contain "
                "a valid storage account access key"
            )
        return key


def storage_suffix(cloud: str) -> str:
    """The DNS suffix of the cloud's storage; no name means the public cloud."""
    suffix = STORAGE_SUFFIXES.get(cloud.upper() or "AZUREPUBLICCLOUD")
    if suffix is None:
        raise SyncError(
            f'autorest/azure: There is no cloud environment matching the name "{cloud.upper()}"'
        )
    return suffix
