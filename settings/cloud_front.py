"""CloudFront before the bucket: `storage.cloudFront` (guide 3.1.3)."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator

from settings.choice import ExactlyOne, Mode, chosen
from settings.credentials import NOT_SHOWN
from settings.endpoint import Endpoint
from settings.form import Form, Maybe, entry
from settings.quantities import Duration
from settings.secret import Secret
from settings.types import ObjectName, Text

NAME = "image-registry-cloudfront"
KEY = "private.pem"


class _OwnedKey(Form):
    """A secret in openshift-image-registry, the only namespace where the pods can mount it."""

    key: ClassVar[str] = KEY

    name: ObjectName
    private_pem: Secret = entry(
        "The private key in PEM, as a Pulumi secret: RSA, `-----BEGIN RSA PRIVATE KEY-----`.",
        default=...,
        example={"secure": "..."},
        guide="3.1.3",
        alias=KEY,
    )


class CreatedFrontKey(_OwnedKey):
    """A secret made and owned here."""

    mode: ClassVar[Mode] = "create"

    name: ObjectName = entry("Name of the secret; `adopt` has no default.", default=NAME)


class AdoptedFrontKey(_OwnedKey):
    """A secret that exists, imported, and owned here from then on."""

    mode: ClassVar[Mode] = "adopt"

    name: ObjectName = entry("Name of the secret.", default=..., example=NAME)


class UsedFrontKey(Form):
    """A secret that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: ObjectName = entry("Name of the secret.", default=..., example=NAME)
    key: Text = entry("Which of its keys holds the private key.", default=..., example=KEY)


class FrontKeyChoice(ExactlyOne):
    """The secret with the key that signs URLs."""

    one_of: ClassVar[str] = "of create, adopt and use"

    create: Maybe[Annotated[CreatedFrontKey, NOT_SHOWN]] = entry("Make the secret and own it.")
    adopt: Maybe[Annotated[AdoptedFrontKey, NOT_SHOWN]] = entry("Import the secret, then own it.")
    use: Maybe[UsedFrontKey] = entry("Refer to a secret and never write it.")


class CloudFront(Form):
    """The distribution that pulls are redirected to, and the key that signs their URLs.

    `private_key` is the chosen form; its `mode` says which.
    """

    base_url: Endpoint = entry(
        "URL of the distribution.",
        default=...,
        example="https://d111111abcdef8.cloudfront.net",
        guide="3.1.3",
        alias="baseURL",
    )
    keypair_id: Text = entry(
        "ID of the key pair whose public half CloudFront has.",
        default=...,
        example="K2JCJMDEHXQW5F",
        guide="3.1.3",
        alias="keypairID",
    )
    duration: Maybe[Duration] = entry(
        "How long a signed URL is good for; the operator's default is 20 minutes.", example="20m"
    )
    private_key: Annotated[FrontKeyChoice, NOT_SHOWN, AfterValidator(chosen)] = entry(
        "The secret with the private half of the key pair.",
        default=...,
        example={"use": {"name": NAME, "key": KEY}},
        guide="3.1.3",
    )

    def spec(self) -> dict[str, Any]:
        """As in the custom resource."""
        spec = {
            "baseURL": self.base_url,
            "keypairID": self.keypair_id,
            "privateKey": {"name": self.private_key.name, "key": self.private_key.key},
        }
        return spec if self.duration is None else {**spec, "duration": self.duration}
