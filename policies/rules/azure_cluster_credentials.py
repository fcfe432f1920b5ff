from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._data import empty_secret_keys, secret_keys, secret_text
from ._identities import CLUSTERS_SECRET
from ._objects import NAMESPACE, SECRETS, guide, is_patch, text
from .cluster_credential_keys import TOKEN

TOKEN_FILE, PASSWORD = "azure_federated_token_file", "azure_client_secret"
NEEDED = {"azure_client_id", "azure_tenant_id", "azure_subscription_id"}


@resource_rule(
    title="The cluster's credentials for Azure are whole",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("2.8"),
    types=SECRETS,
    why=(
        "With the token's file the operator acts as the identity of azure_client_id. Another path "
        "than the one that is mounted is a token that nobody has; a client secret beside it is "
        "what workload identity is there to do without."
    ),
    source=(
        "cluster-image-registry-operator pkg/storage/azure/azure.go, GetConfig; "
        "cloud-credential-operator docs/azure_workload_identity.md"
    ),
    remedy=(
        f"Give azure_client_id, azure_tenant_id, azure_subscription_id and {TOKEN_FILE}: {TOKEN}; "
        f"leave {PASSWORD} out."
    ),
)
def azure_cluster_credentials(secret: Resource, settings: Settings) -> Iterator[str]:
    if text(secret.props, "metadata", "name") != CLUSTERS_SECRET:
        return
    if text(secret.props, "metadata", "namespace") != NAMESPACE:
        return
    keys = secret_keys(secret)
    if TOKEN_FILE not in keys:
        return  # Another platform's, or a service principal's.
    if PASSWORD in keys:
        yield "there is a token's file, and a client secret beside it"
    if not keys >= NEEDED and not is_patch(secret):
        yield "one of the IDs of the identity is missing"
    # Values last, as a preview may not know them.
    if secret_text(secret, TOKEN_FILE).strip() != TOKEN:
        yield "the token's file is not the one that the operator mounts"
    for key in empty_secret_keys(secret):
        if key in NEEDED:
            yield f"key {key} is empty"
