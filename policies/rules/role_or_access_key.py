from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._data import secret_keys, secret_text
from ._identities import (
    ACCESS_KEY,
    CLUSTERS_SECRET,
    IDENTIFYING,
    ROLE,
    SECRET_DATA,
    USERS_SECRET,
    Reach,
    credential_secrets,
    owner_of,
)
from ._objects import guide
from ._origins import origins

STATIC = {"REGISTRY_STORAGE_S3_ACCESSKEY", "REGISTRY_STORAGE_S3_SECRETKEY"}


@stack_rule(
    title="Where the registry has a role it has no access key",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("2.8"),
    types=IDENTIFYING,
    why=(
        "The user's secret wins over the cluster's credentials: with both, the registry works by "
        "the key that never ends, and the role with its tokens of an hour stands by unused. On a "
        "cluster with STS a static key is what STS is there to do without."
    ),
    source=(
        "cluster-image-registry-operator pkg/storage/s3/s3.go, getCredentialsConfigData; "
        "cloud-credential-operator docs/sts.md"
    ),
    remedy=(
        "Take the user's secret and the AccessKey out, and leave the role in "
        "installer-cloud-credentials; or take the role out where the cluster has no STS."
    ),
)
def role_or_access_key(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    secrets = [
        each for each in credential_secrets(resources, USERS_SECRET) if secret_keys(each) & STATIC
    ]
    keys = [each for each in resources if each.resource_type == ACCESS_KEY]
    if not (secrets or keys):
        return
    reach = Reach.of(resources)
    keys = [each for each in keys if reach.has(owner_of(each, resources))]
    if (secrets or keys) and _has_role(resources, reach):
        for each in secrets:
            yield each, "the registry has a role, and this secret holds an access key"
        for each in keys:
            yield each, "the registry has a role, and this is an access key for it"


def _has_role(resources: Sequence[Resource], reach: Reach) -> bool:
    clusters = credential_secrets(resources, CLUSTERS_SECRET)
    if any(origins(each, key, (ROLE,)) for each in clusters for key in SECRET_DATA):
        return True
    return reach.has_any(each.urn for each in resources if each.resource_type == ROLE) or any(
        "role_arn" in secret_text(each, "credentials") for each in clusters
    )
