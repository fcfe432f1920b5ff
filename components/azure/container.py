"""The container that the registry keeps its images in.

Makes (or adopts) it, private. It is protected and kept whatever happens to the stack. Refuses to
make: a container that anybody may read.
"""

from collections.abc import Sequence

from pulumi import Resource, ResourceOptions
from pulumi_azure_native import storage as azure

from components.azure.found import Subscription
from components.azure.names import metadata_of
from components.found import taken_up
from components.options import kept
from settings.azure_account import AzureAdoptedContainer, AzureCreatedContainer

NOT_WRITTEN = [
    *("defaultEncryptionScope", "denyEncryptionScopeOverride", "enableNfsV3AllSquash"),
    *("enableNfsV3RootSquash", "immutableStorageWithVersioning"),
]


def made_container(
    wanted: AzureCreatedContainer | AzureAdoptedContainer,
    found: Subscription,
    after: Sequence[Resource],
    opts: ResourceOptions,
) -> azure.BlobContainer:
    """One that is adopted keeps its metadata."""
    account, name, adopted = found.storage.account.name, wanted.name, wanted.mode == "adopt"
    there = adopted
    # A new account has none, and can't be asked.
    if not adopted and found.account() is not None:
        there = found.ours(
            f"openshift-registry:storage.container.create.name: the container {name} of the "
            f"account {account}",
            found.container(),
            "write `adopt` to take it over, or another name",
        )
    ignored = [*NOT_WRITTEN, "metadata"] if adopted else NOT_WRITTEN
    return azure.BlobContainer(
        f"{account}/{name}",
        account_name=account,
        resource_group_name=found.group,
        container_name=name,
        public_access="None",
        metadata=None if adopted else metadata_of(found.cluster),
        opts=kept(
            opts,
            taken_up(found.names.container(account, name), there),
            protect=True,
            depends_on=list(after),
            ignore_changes=ignored,
        ),
    )
