"""A key of the storage account, read from Azure.

Makes nothing: an account has its two keys from the beginning. The key is a secret from the moment
it is read, which Azure's own function does not see to.
"""

import pulumi
from pulumi import InvokeOptions, Output, RunError

from components.azure.found import Subscription
from settings.azure_credentials import AzureReadKey

TOKEN = "azure-native:storage:listStorageAccountKeys"


def account_key(
    wanted: AzureReadKey, account: Output[str] | str, found: Subscription
) -> Output[str]:
    """`account` is the account's ID; unknown in a preview as long as it is not made."""
    return Output.secret(account).apply(lambda _: _read(wanted.key, found))


async def _read(key: str, found: Subscription) -> str:
    name = found.storage.account.name
    arguments = {"accountName": name, "resourceGroupName": found.group}
    options = InvokeOptions(provider=found.options.provider)
    try:
        answer = await pulumi.runtime.invoke_async(TOKEN, arguments, options) or {}
    except Exception as error:  # the plugin's answer, whatever the engine makes of it
        said = " ".join(str(error).split())
        raise RunError(
            f"the keys of the storage account {name} could not be read: {said}\n"
            "    fix: allow the login Microsoft.Storage/storageAccounts/listKeys/action "
            "(docs/how-to/azure-permissions.md), or give the key: `given`"
        ) from None
    keys = {each["keyName"]: each["value"] for each in answer.get("keys") or ()}
    if key not in keys:
        raise RunError(
            f"openshift-registry:storage.credentials.accountKey.key: {key}: the storage account "
            f"{name} has no key of that name\n    fix: write one of {', '.join(sorted(keys))}"
        )
    return keys[key]
