"""What Azure has already of what a stack makes.

A run that died between Azure's answer and the state's record leaves a thing that the state does not
know, and Azure's provider makes nothing that exists. What carries the stack's tags, or a name that
only this stack gives, is taken up by its ID; anything else of that name is refused.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
from pulumi import InvokeOptions, RunError

from components.azure.names import Names, metadata_of, tags_of
from components.found import Questions
from settings.azure_storage import AzureStorage

NO_SUBSCRIPTION = re.compile(
    r"SubscriptionNotFound|InvalidSubscriptionId|SubscriptionNotRegistered"
)
NO_GROUP = re.compile(r"ResourceGroupNotFound")
NOT_ALLOWED = re.compile(
    r"AuthorizationFailed|LinkedAuthorizationFailed|InvalidAuthenticationToken"
)
NONE = re.compile(r"NotFound|404|was not found|does not exist")

Answer = Mapping[str, Any] | None


class Subscription(Questions):
    """A subscription as the plugin sees it."""

    def __init__(self, storage: AzureStorage, cluster: str, options: InvokeOptions) -> None:
        super().__init__()
        self.storage = storage
        self.cluster = cluster
        self.options = options
        self.group = storage.resource_group or ""
        self.names = Names(storage.subscription_id or "", self.group)

    def resource_group(self) -> Answer:
        return self._invoke("resources:getResourceGroup", resourceGroupName=self.group)

    def account(self) -> Answer:
        name = self.storage.account.name
        return self._in_group("storage:getStorageAccount", accountName=name)

    def container(self) -> Answer:
        account, name = self.storage.account.name, self.storage.container.name
        where = {"accountName": account, "containerName": name}
        return self._in_group("storage:getBlobContainer", **where)

    def diagnostics(self, name: str) -> Answer:
        uri = self.names.services(self.storage.account.name)
        return self._invoke("monitor:getDiagnosticSetting", resourceUri=uri, name=name)

    def identity(self, name: str) -> Answer:
        return self._in_group("managedidentity:getUserAssignedIdentity", resourceName=name)

    def federation(self, identity: str, name: str) -> Answer:
        return self._in_group(
            "managedidentity:getFederatedIdentityCredential",
            resourceName=identity,
            federatedIdentityCredentialResourceName=name,
        )

    def role(self, scope: str, name: str) -> Answer:
        return self._invoke("authorization:getRoleDefinition", scope=scope, roleDefinitionId=name)

    def assignment(self, scope: str, name: str) -> Answer:
        return self._invoke("authorization:getRoleAssignment", scope=scope, roleAssignmentName=name)

    def endpoint(self, name: str) -> Answer:
        return self._in_group("network:getPrivateEndpoint", privateEndpointName=name)

    def zone_group(self, endpoint: str, name: str) -> Answer:
        where = {"privateEndpointName": endpoint, "privateDnsZoneGroupName": name}
        return self._in_group("network:getPrivateDnsZoneGroup", **where)

    def zone(self, name: str) -> Answer:
        return self._in_group("privatedns:getPrivateZone", privateZoneName=name)

    def link(self, zone: str, name: str) -> Answer:
        where = {"privateZoneName": zone, "virtualNetworkLinkName": name}
        return self._in_group("privatedns:getVirtualNetworkLink", **where)

    def ours(self, what: str, live: Answer, fix: str) -> bool:
        """Is it there, and made by this stack? RunError for somebody else's, with `fix`."""
        if live is None:
            return False
        carried = {**(live.get("tags") or {}), **(live.get("metadata") or {})}.items()
        if any(
            each.items() <= carried for each in (tags_of(self.cluster), metadata_of(self.cluster))
        ):
            return True
        raise RunError(
            f"{what} exists and does not carry this stack's tags: it is somebody else's, and "
            f"nothing was done with it\n    fix: {fix}"
        )

    def _in_group(self, what: str, **arguments: str) -> Answer:
        return self._invoke(what, resourceGroupName=self.group, **arguments)

    def _invoke(self, what: str, **arguments: str) -> Any:
        token = f"azure-native:{what}"
        return self._ask(
            (what, *sorted(arguments.items())),
            lambda: pulumi.runtime.invoke(token, dict(arguments), self.options).value,
        )

    def _answer(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:  # the plugin's answer, whatever the engine makes of it
            said = " ".join(str(error).split())
            self._elsewhere(said)
            if not NONE.search(said):
                raise RunError(
                    f"Azure could not be asked what is there already: {said}\n"
                    "    fix: docs/how-to/azure-permissions.md has what the login must be allowed"
                ) from None
            return None

    def _elsewhere(self, said: str) -> None:
        """The login reaches no such subscription, or no such group in it."""
        subscription, key = self.storage.subscription_id, "openshift-registry:storage"
        if NO_SUBSCRIPTION.search(said):
            raise RunError(
                f"{key}.subscriptionID: {subscription}: this login reaches no such subscription in "
                f"the cloud {self.storage.environment}: {said}\n    fix: log in to the tenant that "
                "has it (`az login --tenant`), or write the subscription of this cluster"
            ) from None
        if NOT_ALLOWED.search(said):
            raise RunError(
                f"{key}.subscriptionID: {subscription}: this login may not read what is in the "
                f"resource group {self.group}: {said}\n    fix: log in as who may; "
                "docs/how-to/azure-permissions.md has what is needed"
            ) from None
        if NO_GROUP.search(said):
            raise RunError(
                f"{key}.resourceGroup: {self.group}: there is no such resource group in the "
                f"subscription {subscription}\n    fix: name another, or make it: nothing is made "
                f"here outside of one that exists (`az group create --name {self.group}`)"
            ) from None
