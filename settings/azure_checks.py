"""Will the registry find its container in Azure, and may the account be as it is wanted?"""

from collections.abc import Iterator

from settings.azure import CLOUD_NAMES, STACK, environment_of
from settings.azure_storage import AzureStorage
from settings.cluster import minor
from settings.problems import Finding, Path, shown
from settings.secret_writer import credentials_at
from settings.stack import StackSettings

CLOUD_NAME, LOCATION = ("storage", "cloudName"), ("storage", "location")
GROUP, PRIVATE = ("storage", "resourceGroup"), ("storage", "privateAccess")
IDENTITY_SINCE = "4.14"


def account_at(storage: AzureStorage, *rest: str) -> Path:
    return ("storage", "account", storage.account.mode, *rest)


def private_at(storage: AzureStorage) -> Path:
    return (*PRIVATE, storage.private_access.mode) if storage.private_access else PRIVATE


def subscription(storage: AzureStorage) -> Iterator[Finding]:
    """Nothing is made in whichever subscription happens to be logged in to."""
    needed = {
        "subscriptionID": (storage.in_subscription, storage.subscription_id),
        "resourceGroup": (storage.in_subscription, storage.resource_group),
        "location": (storage.account.mode == "create", storage.location),
    }
    examples = {
        "subscriptionID": "00001111-aaaa-2222-bbbb-3333cccc4444",
        "resourceGroup": "registries",
        "location": "westeurope",
    }
    for key, (wanted, given) in needed.items():
        if wanted and given is None:
            yield Finding(
                ("storage", key),
                "is missing, and something is made, owned or read in Azure",
                f"write it, e.g. {key}: {examples[key]}",
                "required",
            )


def german(storage: AzureStorage) -> Iterator[Finding]:
    """The provider knows that cloud no longer; the operator does."""
    if storage.environment == "german" and storage.in_subscription:
        yield Finding(
            ("storage", "environment"),
            "is a cloud that the provider no longer reaches, so nothing can be made, owned or read "
            "in it",
            "`use` account and container, and give the key: `given`",
            "azure:german",
            "german",
        )


def cloud_name(storage: AzureStorage) -> Iterator[Finding]:
    """The operator looks for the account where `cloudName` says; empty is the public cloud."""
    name, follows = storage.cloud_name, CLOUD_NAMES[storage.environment]
    if name == STACK and storage.in_subscription:
        yield Finding(
            CLOUD_NAME,
            "is a cloud of one's own, in which nothing can be made here",
            "`use` account and container, and give the key: `given`",
            "azure:stack",
            shown(name),
        )
    elif name not in (None, STACK, follows):
        yield Finding(
            CLOUD_NAME,
            f"contradicts environment: {storage.environment}, which is {follows}: the registry "
            "would look for the account in another cloud",
            "leave it out: it follows the environment",
            "azure:cloud-name",
            shown(name),
        )


def location(storage: AzureStorage) -> Iterator[Finding]:
    if storage.location is None:
        return
    there = environment_of(storage.location)
    if there != storage.environment:
        yield Finding(
            LOCATION,
            f"is in the cloud {there}, and environment is {storage.environment}",
            f"write environment: {there}, or another location",
            "azure:environment",
            shown(storage.location),
        )


def container(storage: AzureStorage) -> Iterator[Finding]:
    if storage.account.mode == "create" and storage.container.mode != "create":
        yield Finding(
            ("storage", "container", storage.container.mode),
            "is said to be there, and the account is only made here",
            "write `create`, or `use` or `adopt` the account too",
            "azure:new-account",
        )


def installers(settings: StackSettings, storage: AzureStorage) -> Iterator[Finding]:
    """openshift-install deletes the cluster's resource group with everything in it."""
    group = f"{settings.cluster.infrastructure_name}-rg"
    if storage.resource_group is None or storage.resource_group.lower() != group.lower():
        return
    new = storage.account.mode == "create"
    yield Finding(
        GROUP,
        "is the cluster's own: `openshift-install destroy cluster` deletes it with everything in "
        "it, images and all",
        "name a group that stays"
        if new
        else "move to another account before the cluster is destroyed, if the images are to stay",
        "azure:installer-group" if new else "azure:installer-account",
        shown(storage.resource_group),
        "error" if new else "warning",
    )


def network(storage: AzureStorage) -> Iterator[Finding]:
    """An account of ours lets nobody in but who is named, or who comes by the private way."""
    if storage.account.mode == "use":
        return
    wanted = storage.account.network
    path = account_at(storage, "network")
    if storage.private_access is not None and wanted is not None:
        yield Finding(
            path,
            "lets in who comes from outside, and with privateAccess nobody does",
            "leave one of the two out",
            "azure:network",
        )
    elif storage.private_access is None and not (
        wanted and (wanted.subnet_ids or wanted.ip_ranges)
    ):
        if storage.account.mode == "adopt" and wanted is None:
            return  # it stays as it is
        yield Finding(
            path,
            "lets nobody in, not even the cluster: the account is closed by default",
            "name the nodes' subnets (subnetIDs) or public addresses (ipRanges), or write "
            "privateAccess",
            "azure:network",
        )


def network_access(storage: AzureStorage) -> Iterator[Finding]:
    private = storage.private_access
    if private is None or private.mode != "operator":
        return
    if storage.shared_keys:
        yield Finding(
            private_at(storage),
            "is left to the operator, which makes no endpoint once there is an account key: it "
            "returns before it reads networkAccess",
            "write `create` or `use`, or log in by workloadIdentity",
            "azure:network-access",
        )


def too_old(settings: StackSettings, storage: AzureStorage) -> Iterator[Finding]:
    """What the version gate of all keys does not see: a key that another kind has, and one that
    follows from another."""
    needed = [
        (credentials_at(storage), "workloadIdentity", IDENTITY_SINCE, not storage.shared_keys)
    ]
    follows = storage.environment != "public" and storage.cloud_name is None
    needed.append((("storage", "environment"), "cloudName", "4.6", follows))
    for path, name, since, wanted in needed:
        if wanted and settings.cluster.minor < minor(since):
            yield Finding(
                path,
                f"needs {name}, which came with OpenShift {since}, and cluster.version is "
                f"{settings.cluster.version}",
                f'write version: "{since}" or later if the cluster has that',
                "version",
            )
