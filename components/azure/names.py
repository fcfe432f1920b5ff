"""IDs of what a stack makes, from names alone, so that a preview knows them."""

import uuid
from dataclasses import dataclass

from settings.facts import labels

SUFFIXES = {
    "public": "core.windows.net",
    "usgovernment": "core.usgovcloudapi.net",
    "china": "core.chinacloudapi.cn",
    "german": "core.cloudapi.de",
}
"""What the hosts of each cloud's storage end in (go-autorest, azure/environments.go)."""

OURS = uuid.UUID("5f0a5a4e-7a53-5d0c-9d5e-3c1d6a0f7b10")
"""Where the names of what has none but a GUID begin: a state that was lost finds them again."""


def tags_of(cluster: str) -> dict[str, str]:
    """What an object made here carries. Azure takes no slash in a tag's key."""
    return {key.replace("/", "_"): each for key, each in labels(cluster).items()}


def metadata_of(cluster: str) -> dict[str, str]:
    """The same for a container, whose keys are identifiers of C# (Blob service REST API, "Naming
    and referencing containers, blobs, and metadata")."""
    marks = str.maketrans("./-", "___")
    return {key.translate(marks): each for key, each in labels(cluster).items()}


def guid(*parts: str) -> str:
    """The same for the same parts."""
    return str(uuid.uuid5(OURS, "/".join(parts).lower()))


@dataclass(frozen=True)
class Names:
    """Within one subscription and resource group."""

    subscription: str
    group: str

    @property
    def root(self) -> str:
        return f"/subscriptions/{self.subscription}"

    def account(self, name: str) -> str:
        return self._id("Microsoft.Storage/storageAccounts", name)

    def services(self, account: str) -> str:
        """The blob service of an account; there is one."""
        return f"{self.account(account)}/blobServices/default"

    def container(self, account: str, name: str) -> str:
        return f"{self.services(account)}/containers/{name}"

    def identity(self, name: str) -> str:
        return self._id("Microsoft.ManagedIdentity/userAssignedIdentities", name)

    def federation(self, identity: str, name: str) -> str:
        return f"{self.identity(identity)}/federatedIdentityCredentials/{name}"

    def role(self, role: str) -> str:
        """One of Azure's own, or of this subscription's, by its GUID."""
        return f"{self.root}/providers/Microsoft.Authorization/roleDefinitions/{role}"

    def assignment(self, scope: str, name: str) -> str:
        return f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"

    def endpoint(self, name: str) -> str:
        return self._id("Microsoft.Network/privateEndpoints", name)

    def zone(self, name: str) -> str:
        return self._id("Microsoft.Network/privateDnsZones", name)

    def _id(self, kind: str, name: str) -> str:
        return f"{self.root}/resourceGroups/{self.group}/providers/{kind}/{name}"
