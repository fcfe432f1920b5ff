"""How the registry logs in to Azure: `storage.credentials` (guide 2.8, 3.4.1)."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from settings.azure import ClientId, IdentityName, TenantId
from settings.choice import ExactlyOne, Mode, chosen
from settings.credentials import NOT_SHOWN, SecretKeys
from settings.form import Form, Maybe, entry
from settings.s3_credentials import FoundCredentials
from settings.secret import Secret
from settings.secret_writer import SecretWriter
from settings.types import OneOf

ACCOUNT_KEY = "REGISTRY_STORAGE_AZURE_ACCOUNTKEY"


class AzureReadKey(SecretWriter):
    """A key of the account, read from Azure and written into the secret. It opens all of the
    account."""

    mode: ClassVar[Literal["accountKey"]] = "accountKey"

    key: Annotated[str, OneOf("key1", "key2")] = entry(
        "Which of the two keys. To rotate: renew the other one, name it here, then renew the "
        "first.",
        default="key1",
    )


class AzureGivenKey(SecretKeys, SecretWriter):
    """A key of the account that somebody else has read."""

    mode: ClassVar[Literal["given"]] = "given"

    account_key: Secret = entry(
        "The key of the storage account.",
        default=...,
        example={"secure": "..."},
        guide="3.4.1",
        alias=ACCOUNT_KEY,
    )


class AzureCreatedIdentity(Form):
    """A user-assigned identity made and owned here, without a key, which only the operator and
    the registry of this cluster may act as. It may use this container's blobs, and of the account
    change the settings, as the operator does."""

    mode: ClassVar[Literal["workloadIdentity"]] = "workloadIdentity"
    identity: ClassVar[Mode] = "create"
    secret_mode: ClassVar[None] = None

    name: Maybe[IdentityName] = entry(
        "Name of the identity; `<infrastructureName>-image-registry` unless given.",
        example="prod-1-image-registry",
    )


class AzureUsedIdentity(Form):
    """An identity that is referred to and never written."""

    mode: ClassVar[Literal["workloadIdentity"]] = "workloadIdentity"
    identity: ClassVar[Mode] = "use"
    secret_mode: ClassVar[None] = None

    client_id: ClientId = entry(
        "The identity by its client ID.",
        default=...,
        example="00001111-aaaa-2222-bbbb-3333cccc4444",
        alias="clientID",
    )
    tenant_id: TenantId = entry(
        "The tenant of the identity.",
        default=...,
        example="aaaabbbb-0000-cccc-1111-dddd2222eeee",
        alias="tenantID",
    )


class AzureIdentityChoice(ExactlyOne):
    """The identity that the operator and the registry act as."""

    one_of: ClassVar[str] = "of create and use"

    create: Maybe[AzureCreatedIdentity] = entry("Make the identity and own it.")
    use: Maybe[AzureUsedIdentity] = entry("Refer to an identity and never write it.")


class AzureCredentialsChoice(ExactlyOne):
    """How the registry logs in."""

    one_of: ClassVar[str] = "of accountKey, given, workloadIdentity and use"
    not_settable: ClassVar[dict[str, str]] = {
        ACCOUNT_KEY: "belongs under `given`",
        "create": "is not there: an account has its two keys from the beginning; `accountKey: {}` "
        "reads one, `workloadIdentity` does without",
    }

    account_key: Maybe[AzureReadKey] = entry("Read a key of the account from Azure.")
    given: Maybe[Annotated[AzureGivenKey, NOT_SHOWN]] = entry(
        "Write this key into the secret.", guide="3.4.1"
    )
    workload_identity: Maybe[Annotated[AzureIdentityChoice, AfterValidator(chosen)]] = entry(
        "Act as an identity by tokens of the cluster, without a key; on a cluster that is set up "
        "for it, from OpenShift 4.14."
    )
    use: Maybe[FoundCredentials] = entry(
        "`use: {}` makes nothing: the secret is there, or the operator has keys of its own."
    )


AZURE_READ = (AzureReadKey, AzureCreatedIdentity)
"""What needs a subscription to be made or read in."""

AzureCredentialsField = Annotated[AzureCredentialsChoice, NOT_SHOWN, AfterValidator(chosen)]
