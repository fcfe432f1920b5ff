import json
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from typing import Any

from declare import Level, Resource, Settings, Severity, resource_rule

from ._data import secret_keys, secret_text
from ._objects import NAMESPACE, SECRETS, guide, text
from .credential_secret_keys import NAME

KEY = "REGISTRY_STORAGE_GCS_KEYFILE"
# Google's own library looks at these first, by the file's type.
WANTED = {
    "service_account": ("client_email", "private_key", "token_uri"),
    "external_account": ("audience", "credential_source", "subject_token_type", "token_url"),
}


@resource_rule(
    title="The registry's key file for Google Cloud is the file itself",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("3.2.1"),
    types=SECRETS,
    why=(
        "The operator hands the text to Google's library as it is. A key's privateKey is the file "
        "in base64, and in a Secret's stringData that makes a file that nobody can read: the "
        "operator is degraded, minutes later. A person's own login ends with the person."
    ),
    source=(
        "cluster-image-registry-operator pkg/storage/gcs/gcs.go, GetConfig; pulumi-gcp, "
        "serviceaccount.Key, privateKey"
    ),
    remedy=(
        "Decode privateKey once, and write the JSON of a service_account or an external_account "
        f"under {KEY} in stringData."
    ),
)
def gcs_keyfile(secret: Resource, settings: Settings) -> Iterator[str]:
    if text(secret.props, "metadata", "name") != NAME:
        return
    if text(secret.props, "metadata", "namespace") != NAMESPACE or KEY not in secret_keys(secret):
        return
    written = secret_text(secret, KEY).strip()
    if not written:
        return  # credential-secret-keys has it.
    file = _parsed(written)
    if not isinstance(file, dict):
        yield (
            "the key file is in base64 once more"
            if _is_encoded(written)
            else ("the key file is no JSON object")
        )
    elif file.get("type") not in WANTED:
        yield "the key file is neither of a service_account nor of an external_account"
    elif not all(file.get(each) for each in WANTED[file["type"]]):
        yield "the key file lacks a part that its type has"


def _parsed(written: str) -> Any:
    try:
        return json.loads(written)
    except ValueError:
        return None


def _is_encoded(written: str) -> bool:
    try:
        return isinstance(_parsed(b64decode(written, validate=True).decode()), dict)
    except (Error, ValueError):
        return False
