"""What a stack makes, owns or reads in a subscription of Azure.

Makes an account, a container, a private way to them and an identity, as far as the stack file says
so, in the one subscription and resource group that it names. Refuses to make: anything in another
one, and anything that exists and is somebody else's.
"""

from collections.abc import Callable, Iterator

from pulumi import InvokeOptions, Output, Resource, ResourceOptions, RunError

from components.azure.account import made_account, of_all_blobs
from components.azure.container import made_container
from components.azure.found import Subscription
from components.azure.key import account_key
from components.azure.subscription import subscription_provider
from components.options import merged
from components.unknown import unknown
from settings.azure_account import AzureUsedAccount, AzureUsedContainer
from settings.azure_credentials import AzureCreatedIdentity, AzureReadKey
from settings.azure_private import AzureCreatedEndpoint
from settings.azure_storage import AzureStorage
from settings.cluster import ClusterSettings
from settings.facts import LiveFacts

LOCATION = "openshift-registry:storage.location"


class AzureResources:
    """What was made, and what of it the cluster has to know."""

    made: list[Resource]
    account_key: Output[str] | None
    """One that was read; a secret."""
    identity: tuple[Output[str], Output[str]] | None
    """Client ID and tenant ID of an identity that was made."""

    def __init__(
        self,
        storage: AzureStorage,
        cluster: ClusterSettings,
        live: LiveFacts,
        opts: ResourceOptions,
    ) -> None:
        provider = subscription_provider(cluster.name, storage, opts)
        self._opts = merged(opts, ResourceOptions(provider=provider))
        self._storage, self._cluster, self._live = storage, cluster, live
        self._found = Subscription(storage, cluster.name, InvokeOptions(provider=provider))
        self.made, self.account_key, self.identity = [], None, None
        self._found.ask_ahead(self._questions())
        self._there()
        account = self._account()
        self._container()
        self._private()
        if isinstance(storage.credentials, AzureReadKey):
            self.account_key = account_key(storage.credentials, account, self._found)
        if isinstance(storage.credentials, AzureCreatedIdentity):
            self._identity(storage.credentials)

    def _questions(self) -> Iterator[Callable[[], object]]:
        """What making will ask of the subscription, besides its group."""
        yield self._found.account
        if not isinstance(self._storage.container, AzureUsedContainer):
            yield self._found.container

    def _there(self) -> None:
        """Are subscription, group and whatever has to exist there, and as the stack file says?"""
        storage, found = self._storage, self._found
        if found.resource_group() is None:
            raise RunError(
                f"openshift-registry:storage.resourceGroup: {found.group}: there is no such "
                f"resource group in the subscription {storage.subscription_id}\n    fix: name "
                "another, or make it: nothing is made here outside of one that exists"
            )
        live, at = found.account(), f"openshift-registry:storage.account.{storage.account.mode}"
        if storage.account.mode == "create":
            return
        if live is None:
            raise RunError(
                f"{at}.name: {storage.account.name}: there is no such storage account in the "
                f"resource group {found.group} of the subscription {storage.subscription_id}\n"
                "    fix: name another, or `create` it"
            )
        if storage.location is not None and live.get("location") not in (None, storage.location):
            raise RunError(
                f"{LOCATION}: {storage.location}: the storage account {storage.account.name} is in "
                f"{live['location']}\n    fix: leave location out, or name another account"
            )
        keys_off = live.get("allowSharedKeyAccess") is False
        if keys_off and isinstance(storage.account, AzureUsedAccount) and storage.shared_keys:
            raise RunError(
                f"{at}: {storage.account.name}: the storage account takes no keys "
                "(allowSharedKeyAccess is off), and the registry would log in with one\n    fix: "
                "write credentials: {workloadIdentity: ...}, or allow keys in the account"
            )
        if storage.container.mode != "create" and found.container() is None:
            raise RunError(
                f"openshift-registry:storage.container.{storage.container.mode}.name: "
                f"{storage.container.name}: there is no such container in the storage account "
                f"{storage.account.name}\n    fix: name another, or `create` it"
            )

    def _account(self) -> Output[str] | str:
        """Its ID."""
        wanted = self._storage.account
        if isinstance(wanted, AzureUsedAccount):
            return self._found.names.account(wanted.name)
        account = made_account(wanted, self._found, self._opts)
        self.made += [account, *of_all_blobs(wanted, account, self._found, self._opts)]
        return account.id

    def _container(self) -> None:
        wanted = self._storage.container
        if not isinstance(wanted, AzureUsedContainer):
            after = [each for each in self.made if "StorageAccount" in type(each).__name__]
            self.made.append(made_container(wanted, self._found, after, self._opts))

    def _private(self) -> None:
        wanted = self._storage.private_access
        if isinstance(wanted, AzureCreatedEndpoint):
            # Imported here: without it there is no need of this part of the SDK, a large one.
            from components.azure.private import private_way

            self.made += private_way(
                wanted, self._location(), list(self.made), self._found, self._opts
            )

    def _identity(self, wanted: AzureCreatedIdentity) -> None:
        # Imported here: with a key there is no need of these parts of the SDK.
        from components.azure.identity import allowed, identity_name, registry_identity, trusted

        name = identity_name(wanted, self._cluster.infrastructure_name)
        # A preview without a cluster knows no issuer.
        issuer = self._live.service_account_issuer or unknown()
        before = list(self.made)
        identity = registry_identity(name, self._location(), self._found, self._opts)
        self.made.append(identity)
        self.made += trusted(identity, name, issuer, self._found, self._opts)
        self.made += allowed(identity, name, [*before, identity], self._found, self._opts)
        self.identity = (identity.client_id, identity.tenant_id)

    def _location(self) -> str:
        """Where the account is."""
        live = self._found.account() or {}
        return self._storage.location or live["location"]
