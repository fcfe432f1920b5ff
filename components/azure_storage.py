"""Storage in a container of Azure.

Makes (or adopts) what the cluster needs to reach it: the secret with a key of the account, or the
IDs of an identity where the operator looks for them. They are kept whatever happens to the stack:
the registry that stays refers to them. What is in Azure is made by components/azure, and only if
the stack file makes, owns or reads something there. Refuses to make: what is said with `use`.
"""

from collections.abc import Mapping

from pulumi import ComponentResource, Output, Resource, ResourceOptions

from components.binding import StorageBinding
from components.credential_secret import secret_of
from components.installer_credentials import TOKEN, installer_credentials
from settings.azure_credentials import ACCOUNT_KEY, AzureUsedIdentity
from settings.azure_storage import AzureStorage
from settings.cluster import ClusterSettings
from settings.credentials import SECRET_NAME
from settings.facts import LiveFacts


class AzureStorageComponent(ComponentResource):
    """What the stack file wants of them; `binding` is what the registry needs."""

    binding: StorageBinding

    def __init__(
        self,
        storage: AzureStorage,
        cluster: ClusterSettings,
        live: LiveFacts,
        opts: ResourceOptions,
    ) -> None:
        name = f"{storage.account.name}/{storage.container.name}"
        super().__init__("openshift-registry:storage:Azure", name, None, opts)
        child = ResourceOptions(parent=self)
        wanted = storage.credentials
        made: list[Resource] = []
        key: Output[str] | None = None
        identity: tuple[str | Output[str], str | Output[str]] | None = None
        if storage.in_subscription:
            # Imported here: a stack without anything in Azure has no need of its SDK.
            from components.azure.storage import AzureResources

            azure = AzureResources(storage, cluster, live, child)
            made += azure.made
            key, identity = azure.account_key, azure.identity
        if isinstance(wanted, AzureUsedIdentity):
            identity = (wanted.client_id, wanted.tenant_id)
        # Protected, so that whatever it depends on, which is not, stays in the state with it.
        kept = ResourceOptions(protect=True, depends_on=list(made)) if made else ResourceOptions()
        after = ResourceOptions.merge(child, kept)
        if identity is not None:
            made.append(installer_credentials(_login(storage, *identity), made, child))
        if wanted.secret_mode is not None:
            keys = wanted.data if key is None else {ACCOUNT_KEY: key}
            found = live.secrets.get(SECRET_NAME)
            made.append(secret_of(keys, wanted.secret_mode, cluster.name, found, after))
        self.binding = StorageBinding(storage.backend, storage.demands, tuple(made))
        self.register_outputs(
            {"account": storage.account.name, "container": storage.container.name}
        )


def _login(
    storage: AzureStorage, client: str | Output[str], tenant: str | Output[str]
) -> Mapping[str, str | Output[str]]:
    """As the operator reads them (cluster-image-registry-operator pkg/storage/azure/azure.go,
    GetConfig). Without a resource group it looks for the account in the cluster's own."""
    wanted = {
        "azure_client_id": client,
        "azure_tenant_id": tenant,
        "azure_federated_token_file": TOKEN,
        "azure_subscription_id": storage.subscription_id,
        "azure_resourcegroup": storage.resource_group,
        "azure_region": storage.location,
    }
    return {key: each for key, each in wanted.items() if each is not None}
