import re
from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._data import empty_secret_keys, secret_keys, shown
from ._objects import NAMESPACE, SECRETS, guide, is_patch, text

NAME = "image-registry-private-configuration-user"


def _set(backend: str, *keys: str) -> frozenset[str]:
    return frozenset(f"REGISTRY_STORAGE_{backend}_{key}" for key in keys)


COMPLETE = (
    _set("S3", "ACCESSKEY", "SECRETKEY"),
    _set("GCS", "KEYFILE"),
    _set("AZURE", "ACCOUNTKEY"),
    _set("SWIFT", "USERNAME", "PASSWORD"),
    _set("SWIFT", "APPLICATIONCREDENTIALID", "APPLICATIONCREDENTIALNAME")
    | _set("SWIFT", "APPLICATIONCREDENTIALSECRET"),
    _set("SWIFT", "TOKENID"),
    _set("IBMCOS", "IAMAPIKEY"),
    frozenset({"credentials"}),  # Alibaba's OSS: a file, not an environment.
)
KNOWN = frozenset().union(*COMPLETE)
# Of a secret's keys only these are shown: another may be the credential itself.
VARIABLE = re.compile(r"REGISTRY_STORAGE_(S3_)?[A-Z_]{1,60}")


@resource_rule(
    title="The registry's credentials are where the operator looks, whole and nothing else",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("2.8"),
    types=SECRETS,
    why=(
        "Once this secret exists it wins over the cluster's own credentials, and a key that is "
        "missing, misspelt or empty degrades the operator. Older documentation has keys that were "
        "never read, such as REGISTRY_STORAGE_SWIFT_USER. Keys of a second backend are "
        "credentials that lie about unused. A SecretPatch is a part, and judged as one: its keys "
        "must be of one backend."
    ),
    source=(
        "cluster-image-registry-operator pkg/storage, GetConfig of each driver; openshift-docs "
        "pull request 63779; cluster-image-registry-operator pull request 284"
    ),
    remedy=(
        "In openshift-image-registry, give exactly the keys of one backend, each with its "
        "value: REGISTRY_STORAGE_S3_ACCESSKEY and _SECRETKEY; REGISTRY_STORAGE_GCS_KEYFILE; "
        "REGISTRY_STORAGE_AZURE_ACCOUNTKEY; REGISTRY_STORAGE_SWIFT_USERNAME and _PASSWORD, or "
        "_APPLICATIONCREDENTIALID, _APPLICATIONCREDENTIALNAME and _APPLICATIONCREDENTIALSECRET, "
        "or _TOKENID (from 4.20 on)."
    ),
)
def credential_secret_keys(secret: Resource, settings: Settings) -> Iterator[str]:
    if text(secret.props, "metadata", "name") != NAME:
        return
    if text(secret.props, "metadata", "namespace") != NAMESPACE:
        yield f"the secret is not in {NAMESPACE}"
    keys = secret_keys(secret)
    if keys - KNOWN:
        for key in sorted(keys - KNOWN):
            yield f"{shown(key, VARIABLE)} is none that the operator reads"
    elif not (any(keys <= each for each in COMPLETE) if is_patch(secret) else keys in COMPLETE):
        yield "the keys are not those of exactly one backend"
    else:  # Values last, as a preview may not know them.
        for key in empty_secret_keys(secret):
            yield f"key {key} is empty"
