"""Azure Blob Storage with the user's account key (pkg/storage/azure/azure.go)."""

from copy import deepcopy

from lab.kinds import Object
from lab.operator.conditions import put_storage_exists
from lab.operator.errors import SyncError
from lab.operator.storage.cloud import USER_SECRET, Cloud, required, user_credentials
from lab.operator.storage.driver import Variable, default_management_state
from lab.operator.world import World

ACCOUNT_KEY = "REGISTRY_STORAGE_AZURE_ACCOUNTKEY"
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
        self._account_key(world)
        storage_suffix(block.get("cloudName", ""))

    def create(self, config: Object, world: World) -> list[Object]:
        """`processUPI`: an incomplete block is no error, only a condition."""
        block = config["spec"]["storage"]["azure"]
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
        prefix = "REGISTRY_STORAGE_AZURE"
        variables = [
            Variable(ACCOUNT_KEY, self._account_key(world), secret=True),
            Variable("REGISTRY_STORAGE", "azure"),
            Variable(f"{prefix}_CONTAINER", block.get("container", "")),
            Variable(f"{prefix}_ACCOUNTNAME", block.get("accountName", "")),
        ]
        cloud = block.get("cloudName", "")
        return (
            [*variables, Variable(f"{prefix}_REALM", storage_suffix(cloud))] if cloud else variables
        )

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
