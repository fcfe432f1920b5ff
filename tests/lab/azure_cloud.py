"""The subscription of Azure that a lab has, as its administrator and as others see it."""

import base64
from typing import Any

from lab import kinds
from lab.clouds.azure.names import SUBSCRIPTION
from lab.clouds.azure.service import AzureService
from lab.lab import Lab
from tests.lab.project import get, take_away, until_storage

NAMESPACE = "openshift-image-registry"
SECRET = "image-registry-private-configuration-user"
ACCOUNT_KEY = "REGISTRY_STORAGE_AZURE_ACCOUNTKEY"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/registries"


def service(lab: Lab) -> AzureService:
    found = AzureService.at(lab.clouds.directory / "azure")
    assert found is not None, f"{lab.stack} has no Azure"
    return found


def account_id(name: str) -> str:
    return f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{name}"


def properties(lab: Lab, identifier: str) -> dict[str, Any]:
    """As Resource Manager has them."""
    found = service(lab).store.get(identifier)
    assert found is not None, identifier
    return found["properties"]


def live_key(lab: Lab) -> str:
    """What the cluster's secret holds, and nothing else."""
    data = get(lab, kinds.Secret, SECRET, NAMESPACE)["data"]
    assert data.keys() == {ACCOUNT_KEY}
    return base64.b64decode(data[ACCOUNT_KEY]).decode()


def container(lab: Lab, account: str, name: str, key: str | None = None) -> Any:
    """azure-storage-blob's client, of whoever has this key; else of the one in the cluster."""
    return service(lab).blobs(account, key or live_key(lab)).get_container_client(name)


def code(call: Any, *arguments: Any, **named: Any) -> str:
    """How Azure refuses the call; "" if it doesn't."""
    from azure.core.exceptions import HttpResponseError

    try:
        answer = call(*arguments, **named)
        list(answer) if hasattr(answer, "by_page") else answer
    except HttpResponseError as error:
        found = getattr(error, "error_code", None) or error.status_code
        return str(getattr(found, "value", found))
    return ""


def reset_azure(lab: Lab, account: str) -> None:
    """Make the lab's registry what a fresh installation on Azure has, take the account away with
    all in it, and forget the stack's state."""
    take_away(lab)
    azure = service(lab)
    if azure.store.get(account_id(account)) is not None:
        blobs = azure.blobs(account, manager=True)
        for each in blobs.list_containers():
            blobs.delete_container(each.name)
        azure.store.remove(account_id(account))
    fresh = {"azure": {"networkAccess": {"type": "External"}}}
    until_storage(lab, lambda found: found == fresh)
