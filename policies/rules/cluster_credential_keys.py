from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._data import empty_secret_keys, secret_keys, secret_text
from ._identities import CLUSTERS_SECRET
from ._objects import NAMESPACE, SECRETS, guide, is_patch, text

STATIC = {"aws_access_key_id", "aws_secret_access_key"}
FILE = "credentials"
TOKEN = "/var/run/secrets/openshift/serviceaccount/token"


@resource_rule(
    title="The cluster's credentials for AWS are whole",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("2.8"),
    types=SECRETS,
    why=(
        "The operator takes the file under `credentials`, or else both static keys. A role "
        "without the token's file, or with another path than the one that is mounted, is one "
        "that nobody can take; static keys beside it are what STS is there to do without."
    ),
    source=(
        "cluster-image-registry-operator pkg/storage/s3/s3.go, getCredentialsConfigData; "
        "cloud-credential-operator docs/sts.md"
    ),
    remedy=(
        "For STS give the one key `credentials`: an AWS credentials file with role_arn and "
        f"web_identity_token_file = {TOKEN}. Without, give aws_access_key_id and "
        "aws_secret_access_key."
    ),
)
def cluster_credential_keys(secret: Resource, settings: Settings) -> Iterator[str]:
    if text(secret.props, "metadata", "name") != CLUSTERS_SECRET:
        return
    if text(secret.props, "metadata", "namespace") != NAMESPACE:
        return
    keys = secret_keys(secret)
    if not keys & (STATIC | {FILE}):
        return  # Another platform's.
    if keys & STATIC and not keys >= STATIC and not is_patch(secret):
        yield "one of the two static keys is missing"
        return
    if keys - STATIC - {FILE}:
        yield "a key is none that the operator reads on AWS"
        return
    # Values last, as a preview may not know them.
    for key in empty_secret_keys(secret):
        if key in STATIC | {FILE}:
            yield f"key {key} is empty"
    if FILE in keys:
        yield from _of_the_file(secret_text(secret, FILE), keys)


def _of_the_file(file: str, keys: set[str]) -> Iterator[str]:
    lines = [line.partition("=") for line in file.splitlines()]
    found = {name.strip(): value.strip() for name, _, value in lines}
    if "role_arn" not in found:
        return
    if found.get("web_identity_token_file") != TOKEN:
        yield "the file has a role, and not the token's file that the operator mounts"
    if keys & STATIC or set(found) & STATIC:
        yield "there is a role, and static keys beside it"
