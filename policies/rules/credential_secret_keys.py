from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._data import empty_secret_keys, secret_keys
from ._objects import NAMESPACE, SECRET, guide, text

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


@resource_rule(
    title="The registry's credentials are where the operator looks, whole and nothing else",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("2.8"),
    types=(SECRET,),
    why=(
        "Once this secret exists it wins over the cluster's own credentials, and a key that is "
        "missing, misspelt or empty degrades the operator. Older documentation has keys that were "
        "never read, such as REGISTRY_STORAGE_SWIFT_USER. Keys of a second backend are "
        "credentials that lie about unused."
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
            yield f"key {key} is none that the operator reads"
    elif keys not in COMPLETE:
        yield "the keys are not those of exactly one backend"
    else:  # Values last, as a preview may not know them.
        for key in empty_secret_keys(secret):
            yield f"key {key} is empty"
