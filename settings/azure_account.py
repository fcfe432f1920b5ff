"""The storage account and the container of the registry, and what they are given here."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator

from settings.azure import (
    AccountName,
    Addresses,
    ContainerName,
    IdentityId,
    SubnetId,
    Tags,
    WorkspaceId,
)
from settings.choice import ExactlyOne, Mode, chosen
from settings.form import Form, Maybe, entry
from settings.types import OneOf, Syntax, Whole

SKUS = (
    *("Standard_LRS", "Standard_ZRS", "Standard_GRS"),
    *("Standard_RAGRS", "Standard_GZRS", "Standard_RAGZRS"),
)

SoftDelete = Annotated[int, Whole(1, 365)]
VaultUri = Annotated[
    str,
    Syntax(
        "azure:vault",
        r"https://[a-zA-Z0-9-]{3,24}\.(vault|managedhsm)\.[a-z.]+/?",
        "URL of a key vault",
        "write https://NAME.vault.azure.net",
        200,
    ),
]
KeyPart = Annotated[
    str,
    Syntax("azure:name", r"[0-9A-Za-z-]+", "name or version of a key", "letters, digits, '-'", 127),
]


class AzureCustomerKey(Form):
    """A key of a key vault by which the account encrypts; it is referred to and never written."""

    key_vault_uri: VaultUri = entry(
        "The vault.",
        default=...,
        example="https://registries.vault.azure.net",
        alias="keyVaultURI",
    )
    key_name: KeyPart = entry("The key.", default=..., example="images")
    key_version: Maybe[KeyPart] = entry(
        "The version of the key; always the newest unless given, so that rotation is followed."
    )
    identity_id: IdentityId = entry(
        "The user-assigned identity by which the account reads the key.",
        default=...,
        example="/subscriptions/00001111-aaaa-2222-bbbb-3333cccc4444/resourceGroups/registries/"
        "providers/Microsoft.ManagedIdentity/userAssignedIdentities/registries",
        alias="identityID",
    )


class AzureNetwork(Form):
    """Who gets through to the account; everybody else does not."""

    subnet_ids: Maybe[list[SubnetId]] = entry(
        "Subnets of the cluster's nodes, with a service endpoint for storage.", alias="subnetIDs"
    )
    ip_ranges: Maybe[list[Addresses]] = entry(
        "Public addresses by which the cluster gets out.", example=["203.0.113.0/24"]
    )


NOT_A_KEY = {
    "kind": "is always StorageV2",
    "enableHttpsTrafficOnly": "is always on",
    "minimumTlsVersion": "is always TLS 1.2, the newest that the service has",
    "allowBlobPublicAccess": "is always off: it would show images to everybody",
    "allowCrossTenantReplication": "is always off",
    "allowSharedKeyAccess": "follows the credentials: it is off with a workload identity",
    "publicNetworkAccess": "follows `privateAccess`",
    "networkRuleSet": "is written from `network`; by default nobody gets through",
    "managementPolicy": "takes images away that manifests still point at "
    "(distribution/distribution issue 4363); what is old the pruner removes, see "
    "openshift-registry:pruning",
    "location": "stands beside `account`",
    "resourceGroup": "stands beside `account`",
}


class AzureCreatedAccount(Form):
    """A storage account made and owned here: StorageV2, TLS 1.2, nothing public, and closed to
    whoever is not let in."""

    mode: ClassVar[Mode] = "create"
    not_settable: ClassVar[dict[str, str]] = NOT_A_KEY

    name: AccountName = entry(
        "Name of the account, one in the whole cloud.", default=..., example="prod1registry"
    )
    sku: Annotated[str, OneOf(*SKUS)] = entry(
        "How often and where each object is kept; the operator has Standard_LRS.",
        default="Standard_LRS",
    )
    network: Maybe[AzureNetwork] = entry("Who gets through; not with `privateAccess`.")
    infrastructure_encryption: Maybe[bool] = entry(
        "Encrypt a second time, below the account; never changed later."
    )
    customer_key: Maybe[AzureCustomerKey] = entry(
        "Encrypt with this key; with Azure's own keys unless given."
    )
    soft_delete_days: SoftDelete = entry(
        "Days for which blobs and containers that were deleted can be had back, and are billed.",
        default=7,
    )
    diagnostics: Maybe[WorkspaceId] = entry(
        "The workspace of Log Analytics in which Azure writes down who has asked for what."
    )
    tags: Tags = entry("Further tags of the account.", default=dict)


class AzureAdoptedAccount(Form):
    """A storage account that exists, imported, and owned here from then on. It is closed to the
    public; else only that is written which is given."""

    mode: ClassVar[Mode] = "adopt"
    not_settable: ClassVar[dict[str, str]] = {
        **NOT_A_KEY,
        "sku": "is what the account has",
        "infrastructureEncryption": "can't be changed any more",
    }

    name: AccountName = entry("Name of the account.", default=..., example="prod1registry")
    network: Maybe[AzureNetwork] = entry("Who gets through; not with `privateAccess`.")
    customer_key: Maybe[AzureCustomerKey] = entry("Encrypt with this key.")
    soft_delete_days: Maybe[SoftDelete] = entry(
        "Days for which blobs and containers that were deleted can be had back, and are billed."
    )
    diagnostics: Maybe[WorkspaceId] = entry(
        "The workspace of Log Analytics in which Azure writes down who has asked for what."
    )
    tags: Maybe[Tags] = entry("All tags of the account.")


class AzureUsedAccount(Form):
    """A storage account that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: AccountName = entry("Name of the account.", default=..., example="prod1registry")


class AzureAccountChoice(ExactlyOne):
    """The storage account of the container."""

    one_of: ClassVar[str] = "of create, adopt and use"

    create: Maybe[AzureCreatedAccount] = entry("Make the account and own it.")
    adopt: Maybe[AzureAdoptedAccount] = entry("Import the account, then own it.")
    use: Maybe[AzureUsedAccount] = entry("Refer to an account and never write it.")


class AzureCreatedContainer(Form):
    """A container made and owned here, private."""

    mode: ClassVar[Mode] = "create"
    not_settable: ClassVar[dict[str, str]] = {
        "publicAccess": "is always None: it would show images to everybody"
    }

    name: ContainerName = entry(
        "Name of the container.", default=..., example="image-registry", guide="3.4.2"
    )


class AzureAdoptedContainer(AzureCreatedContainer):
    """A container that exists, imported, and owned here from then on; it is made private."""

    mode: ClassVar[Mode] = "adopt"


class AzureUsedContainer(Form):
    """A container that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: ContainerName = entry(
        "Name of the container.", default=..., example="image-registry", guide="3.4.2"
    )


class AzureContainerChoice(ExactlyOne):
    """The container the registry keeps its images in."""

    one_of: ClassVar[str] = "of create, adopt and use"

    create: Maybe[AzureCreatedContainer] = entry("Make the container and own it.")
    adopt: Maybe[AzureAdoptedContainer] = entry("Import the container, then own it.")
    use: Maybe[AzureUsedContainer] = entry("Refer to a container and never write it.")


AzureAccountField = Annotated[AzureAccountChoice, AfterValidator(chosen)]
AzureContainerField = Annotated[AzureContainerChoice, AfterValidator(chosen)]
