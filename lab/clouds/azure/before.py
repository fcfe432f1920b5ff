"""What a subscription has before a stack comes: what its file refers to.

The resource group; and of what is adopted, used or named by its ID a resource that answers to it.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lab.clouds.azure.names import SUBSCRIPTION

if TYPE_CHECKING:
    from lab.clouds.azure.service import AzureService

BLOB = "docker/registry/v2/blobs/sha256/00/0000/data"
"""Where a registry would have put it."""
LOCATION = "westeurope"
GROUP = re.compile(r"(/subscriptions/[^/]+/resourceGroups/([^/]+))(/providers/.+)?")


def account_names(storage: Any) -> list[str]:
    """Of the account that the file names, in whatever mode."""
    return [name for _, name in _chosen(storage, "account")]


def make_what_is_there(azure: "AzureService", storage: Any) -> None:
    """`storage` is a stack file's section, of whatever shape it is."""
    group, location = _text(storage, "resourceGroup"), _text(storage, "location") or LOCATION
    if group is not None:
        _group(azure, group, location)
    for identifier in _ids(storage):
        _referred_to(azure, identifier, location)
    for mode, name in _chosen(storage, "account"):
        if mode != "create" and group is not None:
            make_account(azure, group, name, location)
            for other, container in _chosen(storage, "container"):
                if other != "create":
                    make_container(azure, group, name, container)


def make_account(azure: "AzureService", group: str, name: str, location: str = LOCATION) -> str:
    """As somebody has made it in the portal long ago: open to all networks. Its ID."""
    azure.accounts.add([name])
    azure.accounts.await_served(name)
    identifier = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/"
    identifier += f"Microsoft.Storage/storageAccounts/{name}"
    azure.store.put(
        identifier,
        {
            "path": {"resourceGroupName": group, "accountName": name},
            "properties": {
                "kind": "StorageV2",
                "location": location,
                "sku": {"name": "Standard_ZRS"},
                "accessTier": "Hot",
                "enableHttpsTrafficOnly": True,
                "minimumTlsVersion": "TLS1_0",
                "allowBlobPublicAccess": True,
                "networkRuleSet": {"defaultAction": "Allow", "bypass": "AzureServices"},
                "tags": {"team": "one"},
            },
        },
    )
    return identifier


def make_container(azure: "AzureService", group: str, account: str, name: str) -> None:
    blobs = azure.blobs(account, manager=True)
    blobs.create_container(name)
    blobs.get_blob_client(name, BLOB).upload_blob(b"of an image that was there before")
    root = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Storage"
    azure.store.put(
        f"{root}/storageAccounts/{account}/blobServices/default/containers/{name}",
        {
            "path": {
                "resourceGroupName": group,
                "accountName": account,
                "containerName": name,
            },
            "properties": {},
        },
    )


def _group(azure: "AzureService", name: str, location: str) -> None:
    identifier = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{name}"
    if azure.store.get(identifier) is None:
        path = {"resourceGroupName": name}
        azure.store.put(identifier, {"path": path, "properties": {"location": location}})


def _referred_to(azure: "AzureService", identifier: str, location: str) -> None:
    """Each part of the ID that is a resource: a subnet's network too."""
    matched = GROUP.fullmatch(identifier)
    if matched is None:
        return
    _group(azure, matched[2], location)
    namespace, *kinds = (matched[3] or "/providers/-").removeprefix("/providers/").split("/")
    for count in range(2, len(kinds) + 1, 2):
        one = f"{matched[1]}/providers/{namespace}/{'/'.join(kinds[:count])}"
        properties: dict[str, Any] = {"location": location}
        if kinds[count - 2] == "subnets":
            properties["serviceEndpoints"] = [{"service": "Microsoft.Storage"}]
        if azure.store.get(one) is None:
            azure.store.put(one, {"path": {}, "properties": properties})


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each)
    elif isinstance(value, str) and value.startswith("/subscriptions/"):
        yield value


def _chosen(storage: Any, key: str) -> Iterator[tuple[str, str]]:
    """Mode and name."""
    choice = storage.get(key) if isinstance(storage, dict) else None
    for mode, form in choice.items() if isinstance(choice, dict) else ():
        name = form.get("name") if isinstance(form, dict) else None
        if isinstance(name, str):
            yield mode, name


def _text(storage: Any, key: str) -> str | None:
    found = storage.get(key) if isinstance(storage, dict) else None
    return found if isinstance(found, str) else None
