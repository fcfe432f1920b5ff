"""How the registry logs in to Google Cloud: `storage.credentials` (guide 2.8, 3.2.1)."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from settings.choice import ExactlyOne, Mode, chosen
from settings.credentials import KEYFILE, NOT_SHOWN, SecretKeys
from settings.form import Maybe, entry
from settings.gcp import AccountEmail, AccountName, ProviderName
from settings.s3_credentials import FoundCredentials, Rotation
from settings.secret import Secret
from settings.secret_writer import SecretWriter

PROVIDER = "projects/123456789012/locations/global/workloadIdentityPools/prod-1/providers/prod-1"


class GcsCreatedAccount(SecretWriter):
    """A service account and its key, made and owned here, that may use this bucket and nothing
    else: read it, and read, write and delete what is in it."""

    mode: ClassVar[Literal["create"]] = "create"

    account_id: Maybe[AccountName] = entry(
        "Name of the service account; `<infrastructureName>-registry`, cut to 30 letters, unless "
        "given.",
        example="prod-1-image-registry",
    )
    rotation: Maybe[Rotation] = entry(
        "Another text makes a new key; it is in the secret before the old one goes.",
        example="2026-11",
    )


class GcsGivenKeyfile(SecretKeys, SecretWriter):
    """A key file that somebody else has made."""

    mode: ClassVar[Literal["given"]] = "given"

    keyfile: Secret = entry(
        "The JSON of a service account's key or of a workload identity, as it is.",
        default=...,
        example={"secure": "..."},
        guide="3.2.1",
        alias=KEYFILE,
    )


class _Identity(SecretWriter):
    """What goes into the secret is where tokens are exchanged, and no key."""

    mode: ClassVar[Literal["workloadIdentity"]] = "workloadIdentity"


class GcsCreatedIdentity(_Identity):
    """A service account made and owned here, without a key, which only the operator and the
    registry of this cluster may act as, and that may use this bucket and nothing else."""

    identity: ClassVar[Mode] = "create"

    provider: ProviderName = entry(
        "The provider that takes the cluster's tokens, by its full name.",
        default=...,
        example=PROVIDER,
    )
    account_id: Maybe[AccountName] = entry(
        "Name of the service account; `<infrastructureName>-registry`, cut to 30 letters, unless "
        "given.",
        example="prod-1-image-registry",
    )


class GcsUsedIdentity(_Identity):
    """A service account that is referred to and never written."""

    identity: ClassVar[Mode] = "use"

    provider: ProviderName = entry(
        "The provider that takes the cluster's tokens, by its full name.",
        default=...,
        example=PROVIDER,
    )
    service_account: AccountEmail = entry(
        "The service account by its address.",
        default=...,
        example="prod-1-image-registry@platform-shared.iam.gserviceaccount.com",
    )


class GcsIdentityChoice(ExactlyOne):
    """The service account that the operator and the registry act as."""

    one_of: ClassVar[str] = "of create and use"

    create: Maybe[GcsCreatedIdentity] = entry("Make the service account and own it.")
    use: Maybe[GcsUsedIdentity] = entry("Refer to a service account and never write it.")


class GcsCredentialsChoice(ExactlyOne):
    """How the registry logs in."""

    one_of: ClassVar[str] = "of create, given, workloadIdentity and use"
    not_settable: ClassVar[dict[str, str]] = {KEYFILE: "belongs under `given`"}

    create: Maybe[GcsCreatedAccount] = entry("Make a service account and its key.")
    given: Maybe[Annotated[GcsGivenKeyfile, NOT_SHOWN]] = entry(
        "Write this key file into the secret.", guide="3.2.1"
    )
    workload_identity: Maybe[Annotated[GcsIdentityChoice, AfterValidator(chosen)]] = entry(
        "Act as a service account by tokens of the cluster, without a key; on a cluster that is "
        "set up for it, from OpenShift 4.10."
    )
    use: Maybe[FoundCredentials] = entry(
        "`use: {}` makes nothing: the secret is there, or the operator has keys of its own."
    )


GCS_CREATED = (GcsCreatedAccount, GcsCreatedIdentity)
"""What needs a project to be made in."""

GcsCredentialsField = Annotated[GcsCredentialsChoice, NOT_SHOWN, AfterValidator(chosen)]
