"""How the registry logs in to Swift: `storage.credentials` (guide 2.8, 3.3.2)."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, model_validator

from settings.choice import ExactlyOne, chosen
from settings.credentials import KEY_SETS, NOT_SHOWN, SecretKeys, key_set
from settings.form import Maybe, entry
from settings.openstack import CredentialName, RoleName
from settings.s3_credentials import FoundCredentials, Rotation
from settings.secret import Secret
from settings.secret_writer import SecretWriter

PREFIX = "REGISTRY_STORAGE_SWIFT_"
SWIFT_SETS = tuple(each for each in KEY_SETS if each.backend == "swift")
APPLICATION = f"{PREFIX}APPLICATIONCREDENTIAL"


class SwiftCreatedCredential(SecretWriter):
    """An application credential of the user who is logged in, made and owned here: for one
    project, with no more than one role, and by access rules for this container alone."""

    mode: ClassVar[Literal["create"]] = "create"
    application: ClassVar[bool] = True

    name: Maybe[CredentialName] = entry(
        "What its name begins with, `<infrastructureName>-image-registry` unless given; Pulumi "
        "adds the rest, so that a new one can be made beside it.",
        example="prod-1-image-registry",
    )
    role: RoleName = entry(
        "The role that it has of the user's: one that may write objects.", default="member"
    )
    access_rules: bool = entry(
        "Bind it to the paths of this container. Off only where Keystone is older than Train "
        "(2019) and has no such rules, or whoever serves Swift, as Ceph RGW, does not ask for "
        "them: then it opens all containers of the project.",
        default=True,
    )
    rotation: Maybe[Rotation] = entry(
        "Another text makes a new credential; it is in the secret before the old one goes.",
        example="2026-11",
    )


class SwiftGivenKeys(SecretKeys, SecretWriter):
    """Keys that somebody else has made: a user and the password, an application credential, or a
    token; one complete set of them."""

    mode: ClassVar[Literal["given"]] = "given"

    username: Maybe[Secret] = entry("The user's name.", alias=f"{PREFIX}USERNAME", guide="3.3.2")
    password: Maybe[Secret] = entry(
        "The user's password.", alias=f"{PREFIX}PASSWORD", guide="3.3.2"
    )
    application_id: Maybe[Secret] = entry(
        "The ID of an application credential; from OpenShift 4.15.", alias=f"{APPLICATION}ID"
    )
    application_name: Maybe[Secret] = entry(
        "The name of that application credential; from OpenShift 4.15.",
        alias=f"{APPLICATION}NAME",
    )
    application_secret: Maybe[Secret] = entry(
        "The secret of that application credential; from OpenShift 4.15.",
        alias=f"{APPLICATION}SECRET",
    )
    token_id: Maybe[Secret] = entry(
        "A token, which ends after hours; from OpenShift 4.20.", alias=f"{PREFIX}TOKENID"
    )

    @model_validator(mode="after")
    def _one_set(self) -> Self:
        key_set(self.data, SWIFT_SETS)
        return self

    @property
    def application(self) -> bool:
        """Is it an application credential?"""
        return self.application_id is not None


class SwiftCredentialsChoice(ExactlyOne):
    """How the registry logs in."""

    one_of: ClassVar[str] = "of create, given and use"
    not_settable: ClassVar[dict[str, str]] = {
        f"{PREFIX}{name}": "belongs under `given`"
        for name in ("USERNAME", "PASSWORD", "APPLICATIONCREDENTIALID", "TOKENID")
    }

    create: Maybe[SwiftCreatedCredential] = entry(
        "Make an application credential; from OpenShift 4.15."
    )
    given: Maybe[Annotated[SwiftGivenKeys, NOT_SHOWN]] = entry(
        "Write these keys into the secret.", guide="3.3.2"
    )
    use: Maybe[FoundCredentials] = entry(
        "`use: {}` makes nothing: the secret is there, or the operator has keys of its own."
    )


SwiftCredentialsField = Annotated[SwiftCredentialsChoice, NOT_SHOWN, AfterValidator(chosen)]
