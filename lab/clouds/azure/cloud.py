"""The Azure that the environment names, reached as the provider's arguments say."""

import os
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from lab.clouds.azure.kind import ArmError, ArmKind
from lab.clouds.azure.names import CLIENT, OBJECT, SUBSCRIPTION, SUFFIXES, TENANT
from lab.clouds.azure.service import DIRECTORY, AzureService
from lab.clouds.base.cloud import Cloud, Function
from lab.clouds.base.kind import CloudError, Kind
from lab.clouds.base.values import UNKNOWN, Inputs


class AzureNative(Cloud):
    package = "azure-native"
    title = "Azure"
    settings = frozenset(
        {
            "clientId",
            "clientSecret",
            "disablePulumiPartnerId",
            "environment",
            "location",
            "partnerId",
            "subscriptionId",
            "tenantId",
            "version",
        }
    )

    def __init__(self) -> None:
        from lab.clouds.azure import identity, monitor, network, storage

        kinds: list[ArmKind] = [
            each(self) for module in (storage, identity, network, monitor) for each in module.KINDS
        ]
        self.kinds: dict[str, Kind] = {each.token: each for each in kinds}
        self.functions: dict[str, Function] = {
            ":get".join(each.token.rsplit(":", 1)): each.look_up for each in kinds
        }
        for token, function in storage.FUNCTIONS.items():
            self.functions[token] = partial(function, self)
        self.functions["azure-native:resources:getResourceGroup"] = self._group
        self.functions["azure-native:authorization:getClientConfig"] = self._client
        self.environment = "public"
        self.subscription = ""

    def configure(self, settings: Inputs) -> None:
        given = {key: each for key, each in settings.items() if each != UNKNOWN}
        if DIRECTORY not in os.environ:
            raise CloudError(
                f"{DIRECTORY} is not set: this plays the Azure plugin on a lab and never reaches "
                "Azure itself. Take it off PATH, or run on a lab"
            )
        self.environment = given.get("environment") or "public"
        if self.environment not in SUFFIXES:
            raise CloudError(
                f"unknown Azure environment {self.environment!r}; there are: {', '.join(SUFFIXES)}"
            )
        if self.environment != self.service.clouds_environment:
            # Microsoft Entra: an application is known in one cloud.
            raise CloudError(
                f"AADSTS900382: the login is of the cloud {self.service.clouds_environment}, and "
                f"the provider's environment is {self.environment}"
            )
        self.subscription = given.get("subscriptionId") or os.environ.get("ARM_SUBSCRIPTION_ID", "")
        tenant = given.get("tenantId") or TENANT
        if tenant != TENANT:
            raise CloudError(f"AADSTS90002: tenant {tenant!r} not found")

    @cached_property
    def service(self) -> AzureService:
        found = AzureService.at(Path(os.environ[DIRECTORY]))
        if found is None:
            raise CloudError(f"there is no Azure of a lab in {os.environ[DIRECTORY]}")
        return found

    def reach(self, identifier: str) -> None:
        """Is it in a subscription that the login has?"""
        subscription = identifier.split("/")[2] if identifier.count("/") > 1 else ""
        if subscription.lower() != SUBSCRIPTION.lower():
            raise ArmError(
                404,
                "SubscriptionNotFound",
                f"The subscription '{subscription}' could not be found.",
            )

    def group(self, name: str) -> dict[str, Any]:
        identifier = f"/subscriptions/{self.subscription}/resourceGroups/{name}"
        self.reach(identifier)
        found = self.service.store.get(identifier)
        if found is None:
            raise ArmError(
                404, "ResourceGroupNotFound", f"Resource group '{name}' could not be found."
            )
        return found

    def scope(self, identifier: str) -> None:
        """The resource that something is said of: the blobs of an account are always there."""
        self.reach(identifier)
        own = identifier.removesuffix("/blobServices/default")
        if self.service.store.get(own) is None:
            raise ArmError(404, "ResourceNotFound", f"The resource {identifier!r} was not found.")

    def sentence(self, error: Exception) -> str | None:
        from azure.core.exceptions import AzureError

        if isinstance(error, AzureError):
            return f"Azure's blobs refused: {str(error).splitlines()[0]}"
        return None

    def _group(self, given: Inputs) -> dict[str, Any]:
        found = self.group(given["resourceGroupName"])
        name = found["path"]["resourceGroupName"]
        return {"id": found["id"], "name": name, "type": "", **found["properties"]}

    def _client(self, given: Inputs) -> dict[str, Any]:
        return {
            "clientId": CLIENT,
            "objectId": OBJECT,
            "subscriptionId": self.subscription,
            "tenantId": TENANT,
        }
