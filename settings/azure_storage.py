"""Storage in a container of Azure: `kind: azure`."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from settings.azure import (
    CLOUD_NAMES,
    CloudName,
    Environment,
    LocationName,
    ResourceGroup,
    SubscriptionId,
)
from settings.azure_account import AzureAccountField, AzureContainerField
from settings.azure_credentials import ACCOUNT_KEY, AZURE_READ, AzureCredentialsField
from settings.azure_private import AzurePrivateField
from settings.form import Form, Maybe, entry
from settings.replaced import Replaced

REPLICAS = 2
"""As the operator has it on Azure."""


class AzureStorage(Form):
    """The registry's images in one container of a storage account (guide 3.4).

    `account`, `container`, `credentials` and `private_access` are the chosen forms; the `mode`
    of each says which.
    """

    not_settable: ClassVar[dict[str, str]] = {
        "managementState": "is always Unmanaged: under Managed the operator deletes the container "
        "when the registry is set to Removed",
        "azure": "is written by the stack from the keys here",
        "accountName": "is `account`: {create, adopt or use: {name: ...}}",
        "networkAccess": "is written from `privateAccess`",
        ACCOUNT_KEY: "belongs under `credentials.given`",
    }

    kind: Literal["azure"] = entry(
        "`azure`: storage in a container of Azure; from OpenShift 4.2.", default=...
    )
    environment: Environment = entry(
        "Which cloud of Azure, as the provider calls it; `cloudName` follows from it.",
        default=...,
        example="public",
        guide="3.4.3",
    )
    cloud_name: Maybe[CloudName] = entry(
        "The cloud as the operator calls it, where it is none of the provider's: AzureStackCloud.",
        since="4.6",
        guide="3.4.3",
    )
    subscription_id: Maybe[SubscriptionId] = entry(
        "The subscription that has to be reached; required where something is made, owned or "
        "read there.",
        example="00001111-aaaa-2222-bbbb-3333cccc4444",
        alias="subscriptionID",
    )
    resource_group: Maybe[ResourceGroup] = entry(
        "The resource group of the account, which exists; required as `subscriptionID` is.",
        example="registries",
    )
    location: Maybe[LocationName] = entry("Where an account is made.", example="westeurope")
    account: AzureAccountField = entry(
        "The storage account.",
        default=...,
        example={"use": {"name": "prod1registry"}},
        guide="3.4.2",
    )
    container: AzureContainerField = entry(
        "The container.",
        default=...,
        example={"use": {"name": "image-registry"}},
        guide="3.4.2",
    )
    private_access: Maybe[AzurePrivateField] = entry(
        "The way to an account that is closed to the public."
    )
    credentials: AzureCredentialsField = entry(
        "How the registry logs in.", default=..., example={"use": {}}, guide="3.4.1"
    )
    replaces: Maybe[Replaced] = entry(
        "The storage that the registry has now and that this stack takes it away from, spelled "
        "as `spec.storage` of the custom resource. Images are not moved.",
        example={"pvc": {"claim": "image-registry-storage"}},
    )

    @property
    def in_subscription(self) -> bool:
        """Is anything made, owned or read in Azure?"""
        private = self.private_access is not None and self.private_access.mode == "create"
        owned = self.account.mode != "use" or self.container.mode != "use"
        return owned or private or isinstance(self.credentials, AZURE_READ)

    @property
    def shared_keys(self) -> bool:
        """May the account be opened by its keys? A workload identity does without."""
        return self.credentials.mode != "workloadIdentity"

    @property
    def suggests(self) -> dict[str, Any]:
        return {"replicas": REPLICAS}

    @property
    def demands(self) -> dict[str, Any]:
        """A client outside the network can't follow a redirect to an account inside."""
        return {"disableRedirect": True} if self.private_access is not None else {}

    @property
    def backend(self) -> dict[str, Mapping[str, Any]]:
        """`spec.storage` without its managementState, as written. With an account key the
        operator returns before it reads networkAccess (cluster-image-registry-operator
        pkg/storage/azure/azure.go, processUPI): it is written for its own endpoint alone."""
        block = {
            "accountName": self.account.name,
            "container": self.container.name,
            "cloudName": self._cloud_name(),
            "networkAccess": self._network_access(),
        }
        return {"azure": {key: value for key, value in block.items() if value is not None}}

    def _cloud_name(self) -> str | None:
        """Empty means the public cloud."""
        if self.cloud_name is not None or self.environment == "public":
            return self.cloud_name
        return CLOUD_NAMES[self.environment]

    def _network_access(self) -> dict[str, Any] | None:
        internal = self.private_access.internal if self.private_access else None
        return {"type": "Internal", "internal": internal} if internal is not None else None
