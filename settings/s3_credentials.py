"""How the registry logs in to its bucket: `storage.credentials` (guide 2.8, 3.1.1)."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from settings.choice import ExactlyOne, Mode, chosen
from settings.credentials import NOT_SHOWN, SecretKeys
from settings.form import Form, Maybe, entry
from settings.secret import Secret


class GivenKeys(SecretKeys):
    """An access key that somebody else has made."""

    mode: ClassVar[Literal["given"]] = "given"

    access_key: Secret = entry(
        "The access key.",
        default=...,
        example={"secure": "..."},
        guide="3.1.1",
        alias="REGISTRY_STORAGE_S3_ACCESSKEY",
    )
    secret_key: Secret = entry(
        "The secret key.",
        default=...,
        example={"secure": "..."},
        guide="3.1.1",
        alias="REGISTRY_STORAGE_S3_SECRETKEY",
    )
    adopt_secret: Maybe[bool] = entry(
        "The secret image-registry-private-configuration-user exists already and is taken over: "
        "all its keys but these go.",
        guide="2.8",
    )

    @property
    def secret_mode(self) -> Mode:
        """Of image-registry-private-configuration-user."""
        return "adopt" if self.adopt_secret else "create"


class FoundCredentials(Form):
    """Nothing is made: the operator finds its keys itself, in the secret
    image-registry-private-configuration-user or in its own."""

    mode: ClassVar[Literal["use"]] = "use"


class S3CredentialsChoice(ExactlyOne):
    """How the registry logs in."""

    one_of: ClassVar[str] = "of given and use"
    not_settable: ClassVar[dict[str, str]] = {
        **{
            key: "belongs under `given`"
            for key in ("REGISTRY_STORAGE_S3_ACCESSKEY", "REGISTRY_STORAGE_S3_SECRETKEY")
        },
        "create": "is not built yet: make the user and its access key yourself and write `given`",
        "sts": "is not built yet: on a cluster that was set up for STS write `use: {}`, and the "
        "operator takes on the role that it was installed with",
    }

    given: Maybe[Annotated[GivenKeys, NOT_SHOWN]] = entry(
        "Write this access key into the secret.", guide="3.1.1"
    )
    use: Maybe[FoundCredentials] = entry(
        "`use: {}` makes nothing: the secret is there, or the operator has keys of its own."
    )


S3Credentials = GivenKeys | FoundCredentials

S3CredentialsField = Annotated[S3CredentialsChoice, NOT_SHOWN, AfterValidator(chosen)]
"""A field of this type holds an `S3Credentials`."""
