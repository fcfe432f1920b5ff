"""How the registry logs in to its bucket: `storage.credentials` (guide 2.8, 3.1.1)."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from settings.aws import IamName, PolicyArn, ProviderArn, RoleArn
from settings.choice import ExactlyOne, Mode, chosen
from settings.credentials import NOT_SHOWN, SecretKeys
from settings.form import Form, Maybe, entry
from settings.names import ACCESS_KEY, SECRET_KEY
from settings.secret import Secret
from settings.types import Syntax

ADOPT_SECRET = (
    "The secret image-registry-private-configuration-user exists already and is taken over: all "
    "its keys but these go."
)


Rotation = Annotated[
    str,
    Syntax(
        "s3:rotation",
        r"[A-Za-z0-9][A-Za-z0-9._-]*",
        "text to tell access keys apart",
        "write letters, digits and ._- only, e.g. the month: 2026-11",
        32,
    ),
]


class CreatedUser(Form):
    """A user of IAM and its access key, made and owned here, that may use this bucket and its
    key and nothing else."""

    mode: ClassVar[Literal["create"]] = "create"

    user_name: Maybe[IamName] = entry(
        "Name of the user; `<infrastructureName>-image-registry` unless given.",
        example="prod-1-image-registry",
    )
    permissions_boundary: Maybe[PolicyArn] = entry("The policy that bounds what the user may.")
    rotation: Maybe[Rotation] = entry(
        "Another text makes a new access key; it is in the secret before the old one goes.",
        example="2026-11",
    )
    adopt_secret: Maybe[bool] = entry(ADOPT_SECRET, guide="2.8")

    @property
    def secret_mode(self) -> Mode:
        """Of image-registry-private-configuration-user."""
        return "adopt" if self.adopt_secret else "create"


class GivenKeys(SecretKeys):
    """An access key that somebody else has made."""

    mode: ClassVar[Literal["given"]] = "given"

    access_key: Secret = entry(
        "The access key.",
        default=...,
        example={"secure": "..."},
        guide="3.1.1",
        alias=ACCESS_KEY,
    )
    secret_key: Secret = entry(
        "The secret key.",
        default=...,
        example={"secure": "..."},
        guide="3.1.1",
        alias=SECRET_KEY,
    )
    adopt_secret: Maybe[bool] = entry(ADOPT_SECRET, guide="2.8")

    @property
    def secret_mode(self) -> Mode:
        """Of image-registry-private-configuration-user."""
        return "adopt" if self.adopt_secret else "create"


class CreatedRole(Form):
    """A role of IAM made and owned here, which only the operator and the registry of this
    cluster may take on, and that may use this bucket and its key and nothing else."""

    mode: ClassVar[Literal["sts"]] = "sts"
    role: ClassVar[Mode] = "create"
    secret_mode: ClassVar[None] = None

    role_name: Maybe[IamName] = entry(
        "Name of the role; `<infrastructureName>-image-registry` unless given.",
        example="prod-1-image-registry",
    )
    oidc_provider_arn: Maybe[ProviderArn] = entry(
        "The provider of the cluster's identities; the one of its issuer in `account` unless "
        "given.",
        example="arn:aws:iam::111122223333:oidc-provider/oidc.example.com/prod-1",
        alias="oidcProviderARN",
    )
    permissions_boundary: Maybe[PolicyArn] = entry("The policy that bounds what the role may.")


class UsedRole(Form):
    """A role of IAM that is referred to and never written."""

    mode: ClassVar[Literal["sts"]] = "sts"
    role: ClassVar[Mode] = "use"
    secret_mode: ClassVar[None] = None

    role_arn: RoleArn = entry(
        "The role by its ARN.",
        default=...,
        example="arn:aws:iam::111122223333:role/prod-1-image-registry",
        alias="roleARN",
    )


class RoleChoice(ExactlyOne):
    """The role that the operator and the registry take on by their service accounts."""

    one_of: ClassVar[str] = "of create and use"

    create: Maybe[CreatedRole] = entry("Make the role and own it.")
    use: Maybe[UsedRole] = entry("Refer to a role and never write it.")


class FoundCredentials(Form):
    """Nothing is made: the operator finds its keys itself, in the secret
    image-registry-private-configuration-user or in its own."""

    mode: ClassVar[Literal["use"]] = "use"
    secret_mode: ClassVar[None] = None


class S3CredentialsChoice(ExactlyOne):
    """How the registry logs in."""

    one_of: ClassVar[str] = "of create, given, sts and use"
    not_settable: ClassVar[dict[str, str]] = {
        key: "belongs under `given`" for key in (ACCESS_KEY, SECRET_KEY)
    }

    create: Maybe[CreatedUser] = entry("Make a user of IAM and its access key; in AWS only.")
    given: Maybe[Annotated[GivenKeys, NOT_SHOWN]] = entry(
        "Write this access key into the secret.", guide="3.1.1"
    )
    sts: Maybe[Annotated[RoleChoice, AfterValidator(chosen)]] = entry(
        "Take on a role for a short while, without keys that last; in AWS only, on a cluster that "
        "is set up for it."
    )
    use: Maybe[FoundCredentials] = entry(
        "`use: {}` makes nothing: the secret is there, or the operator has keys of its own."
    )


S3Credentials = CreatedUser | GivenKeys | CreatedRole | UsedRole | FoundCredentials
CREATED = (CreatedUser, CreatedRole)
"""What needs an account of AWS to be made in."""

S3CredentialsField = Annotated[S3CredentialsChoice, NOT_SHOWN, AfterValidator(chosen)]
"""A field of this type holds an `S3Credentials`."""
