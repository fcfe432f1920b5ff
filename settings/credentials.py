"""Keys for storage that is left alone: `openshift-registry:credentials` (guide 2.8).

The operator reads them from one secret, and which of them depends on the storage; keys that
it does not know it ignores, and says only that the right ones are missing.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, NamedTuple, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from settings.choice import ExactlyOne, Mode, chosen
from settings.form import Form, Maybe, entry
from settings.problems import is_encrypted
from settings.refusal import refusal
from settings.secret import Secret

SECRET_NAME = "image-registry-private-configuration-user"

PREFIX = "REGISTRY_STORAGE_"
KEYFILE = f"{PREFIX}GCS_KEYFILE"
KEYFILE_TYPES = ("service_account", "external_account")

RULE_SET, RULE_VALUE, RULE_KEYFILE = "credentials:set", "credentials:value", "credentials:keyfile"


class KeySet(NamedTuple):
    """Keys that go together, and the key of `spec.storage` that they are for."""

    backend: str
    keys: tuple[str, ...]
    since: str | None = None
    """The first OpenShift whose operator takes them by themselves, if not the first of all."""


def _keys(backend: str, *names: str, since: str | None = None) -> KeySet:
    keys = tuple(f"{PREFIX}{backend.upper()}_{name}" for name in names)
    return KeySet(backend, keys, since)


KEY_SETS = (
    _keys("s3", "ACCESSKEY", "SECRETKEY"),
    _keys("gcs", "KEYFILE"),
    _keys("azure", "ACCOUNTKEY"),
    _keys("swift", "USERNAME", "PASSWORD"),
    _keys(
        "swift",
        *("APPLICATIONCREDENTIALID", "APPLICATIONCREDENTIALNAME", "APPLICATIONCREDENTIALSECRET"),
        since="4.15",
    ),
    _keys("swift", "TOKENID", since="4.20"),
)
"""cluster-image-registry-operator pkg/storage/{s3,gcs,azure,swift}, GetConfig."""


class SecretKeys(Form):
    """Keys spelled as in the secret of the operator."""

    @model_validator(mode="before")
    @classmethod
    def _values(cls, value: Any) -> Any:
        """What is wrong with a value is said of the whole form: a message shows the value at its
        path, and these are secrets, whatever they look like."""
        if isinstance(value, dict):
            for key, text in value.items():
                if isinstance(key, str) and key.startswith(PREFIX):
                    _check(key, text)
        return value

    @property
    def data(self) -> dict[str, Secret]:
        """The keys that were given, as in the secret."""
        given = self.plain()
        return {key: each for key, each in given.items() if key.startswith(PREFIX)}


class Credentials(SecretKeys):
    """One complete set of keys, spelled as in the secret of the operator."""

    s3_access_key: Maybe[Secret] = entry(
        "S3: the access key.", alias="REGISTRY_STORAGE_S3_ACCESSKEY", guide="3.1.1"
    )
    s3_secret_key: Maybe[Secret] = entry(
        "S3: the secret key.", alias="REGISTRY_STORAGE_S3_SECRETKEY", guide="3.1.1"
    )
    gcs_keyfile: Maybe[Secret] = entry(
        "Google Cloud: the JSON of a service account's key or of a workload identity, as it is.",
        alias=KEYFILE,
        guide="3.2.1",
    )
    azure_account_key: Maybe[Secret] = entry(
        "Azure: the key of the storage account.",
        alias="REGISTRY_STORAGE_AZURE_ACCOUNTKEY",
        guide="3.4.1",
    )
    swift_username: Maybe[Secret] = entry(
        "Swift: the user's name.", alias="REGISTRY_STORAGE_SWIFT_USERNAME", guide="3.3.2"
    )
    swift_password: Maybe[Secret] = entry(
        "Swift: the user's password.", alias="REGISTRY_STORAGE_SWIFT_PASSWORD", guide="3.3.2"
    )
    swift_application_id: Maybe[Secret] = entry(
        "Swift: the ID of an application credential; from OpenShift 4.15.",
        alias="REGISTRY_STORAGE_SWIFT_APPLICATIONCREDENTIALID",
    )
    swift_application_name: Maybe[Secret] = entry(
        "Swift: the name of that application credential; from OpenShift 4.15.",
        alias="REGISTRY_STORAGE_SWIFT_APPLICATIONCREDENTIALNAME",
    )
    swift_application_secret: Maybe[Secret] = entry(
        "Swift: the secret of that application credential; from OpenShift 4.15.",
        alias="REGISTRY_STORAGE_SWIFT_APPLICATIONCREDENTIALSECRET",
    )
    swift_token_id: Maybe[Secret] = entry(
        "Swift: a token; from OpenShift 4.20.", alias="REGISTRY_STORAGE_SWIFT_TOKENID"
    )

    @model_validator(mode="after")
    def _one_set(self) -> Self:
        key_set(self.data)
        return self


def key_set(keys: Mapping[str, Any], known: tuple[KeySet, ...] = KEY_SETS) -> KeySet:
    """The one of the known sets that these keys are, with nothing missing and nothing beside it.

    Raises the validator's error that says what is right.
    """
    given = set(keys)
    for each in known:
        if given == set(each.keys):
            return each
    sets = "; or ".join(" and ".join(each.keys) for each in known)
    begun = [each for each in known if given and given < set(each.keys)]
    if begun:
        missing = [key for key in begun[0].keys if key not in given]
        raise refusal(RULE_SET, f"lacks {' and '.join(missing)}", "add it: they go together")
    if not given:
        raise refusal(RULE_SET, "has no keys", f"write {sets}")
    raise refusal(
        RULE_SET,
        f"mixes keys that do not go together: {', '.join(sorted(given))}",
        f"write one set alone: {sets}",
    )


def _not_shown(value: Any) -> Any:
    """What stands in a mapping's place may be the secret itself: it is as good as no mapping."""
    return {} if isinstance(value, str | int | float) else value


NOT_SHOWN = BeforeValidator(_not_shown)


def _check(key: str, text: Any) -> None:
    if isinstance(text, bool | int | float):
        fix = "set it with `pulumi config set --secret --path`"
        raise refusal("type", f"has a {key} that is not text", fix)
    if isinstance(text, Secret) and not text.sealed:
        text = text.reveal()
    if not isinstance(text, str) or not text or is_encrypted(text):
        return
    if key == KEYFILE:
        _check_keyfile(text)
    elif "\n" in text or "\r" in text:
        raise refusal(
            RULE_VALUE,
            f"has a {key} with a line end, which would be part of the key",
            "set it again without (`printf %s` ends no line; `echo` and editors do)",
        )


def _check_keyfile(text: str) -> None:
    types = " or ".join(KEYFILE_TYPES)
    content = _json(text)
    if content is None and _json(_from_base64(text)) is not None:
        raise refusal(
            RULE_KEYFILE,
            f"has a {KEYFILE} in base64, and the operator wants the JSON itself",
            "decode it: base64 -d",
        )
    if content is None:
        raise refusal(
            RULE_KEYFILE,
            f"has a {KEYFILE} that is no JSON",
            "give the content of the key file, not its path",
        )
    if not isinstance(content, dict) or content.get("type") not in KEYFILE_TYPES:
        raise refusal(
            RULE_KEYFILE,
            f"has a {KEYFILE} whose `type` is not {types}",
            "give a service account's key, or the configuration of a workload identity",
        )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


class CreatedCredentials(Credentials):
    """The secret is made and owned here."""

    mode: ClassVar[Mode] = "create"


class AdoptedCredentials(Credentials):
    """The secret exists; it is imported, and then owned here with these keys and no others."""

    mode: ClassVar[Mode] = "adopt"


CredentialsSettings = CreatedCredentials | AdoptedCredentials


class CredentialsChoice(ExactlyOne):
    """The secret image-registry-private-configuration-user in openshift-image-registry, for a
    registry whose storage is left alone.

    To leave the secret to its owner, leave the section out.
    """

    one_of: ClassVar[str] = "of create and adopt"
    not_settable: ClassVar[dict[str, str]] = {
        "use": "is what happens without the section: the secret is left to its owner"
    }

    create: Maybe[Annotated[CreatedCredentials, NOT_SHOWN]] = entry(
        "Make the secret and own it.", guide="2.8"
    )
    adopt: Maybe[Annotated[AdoptedCredentials, NOT_SHOWN]] = entry(
        "Import the secret, then own it: keys that are not given here go.", guide="2.8"
    )


CredentialsSection = Annotated[CredentialsChoice, NOT_SHOWN, AfterValidator(chosen)]
"""A field of this type holds a `CredentialsSettings`."""
