"""Microsoft.Network: private endpoints, and the DNS zones in which they are found."""

from collections.abc import Iterator, Mapping
from typing import Any

from lab.clouds.azure.kind import GROUP, ArmError, ArmKind
from lab.clouds.base.kind import State
from lab.clouds.base.shapes import Failure
from lab.clouds.base.values import Inputs

ENDPOINT = f"{GROUP}Microsoft.Network/privateEndpoints/{{privateEndpointName}}"
ZONE = f"{GROUP}Microsoft.Network/privateDnsZones/{{privateZoneName}}"
LINKS = "virtualNetworkLinks"


class PrivateEndpoint(ArmKind):
    token = "azure-native:network:PrivateEndpoint"
    path = ENDPOINT
    identity = frozenset({"resourceGroupName", "privateEndpointName", "location", "subnet"})
    absent = {"tags": {}}
    not_played = frozenset(
        {
            "applicationSecurityGroups",
            "customDnsConfigs",
            "customNetworkInterfaceName",
            "extendedLocation",
            "ipConfigurations",
            "manualPrivateLinkServiceConnections",
        }
    )

    def rules(self, identifier: str, inputs: Inputs, old: State | None) -> None:
        self.azure.group(inputs["resourceGroupName"])
        subnet = self.parent((inputs.get("subnet") or {}).get("id", ""), "InvalidResourceReference")
        network = self.parent(subnet["id"].rpartition("/subnets/")[0], "InvalidResourceReference")
        if network["properties"].get("location") != inputs.get("location"):
            # Azure Private Link, "Private endpoint properties": same region as the network.
            raise ArmError(
                400,
                "InvalidResourceReference",
                f"the virtual network is in {network['properties'].get('location')}.",
            )
        for each in inputs.get("privateLinkServiceConnections") or ():
            self.parent(each["privateLinkServiceId"], "InvalidResourceReference")
            if each.get("groupIds") not in (["blob"], ["blob_secondary"], ["file"], ["dfs"]):
                raise ArmError(400, "PrivateLinkServiceIdWithGroupIds", "one group ID is needed.")

    def made(self, identifier: str, inputs: Inputs, old: Mapping[str, Any]) -> State:
        return {"name": inputs["privateEndpointName"], "provisioningState": "Succeeded"}


class PrivateDnsZoneGroup(ArmKind):
    token = "azure-native:network:PrivateDnsZoneGroup"
    path = f"{ENDPOINT}/privateDnsZoneGroups/{{privateDnsZoneGroupName}}"
    identity = frozenset({"resourceGroupName", "privateEndpointName", "privateDnsZoneGroupName"})

    def rules(self, identifier: str, inputs: Inputs, old: State | None) -> None:
        self.parent(identifier.partition("/privateDnsZoneGroups/")[0])
        for each in inputs.get("privateDnsZoneConfigs") or ():
            self.parent(each["privateDnsZoneId"], "InvalidResourceReference")


class PrivateZone(ArmKind):
    token = "azure-native:privatedns:PrivateZone"
    path = ZONE
    identity = frozenset({"resourceGroupName", "privateZoneName", "location"})
    absent = {"tags": {}}

    def check(self, inputs: Inputs) -> Iterator[Failure]:
        yield from super().check(inputs)
        if inputs.get("location") != "global":
            # Private DNS, REST API: the location is always global.
            yield Failure(("location",), "has to be global")

    def rules(self, identifier: str, inputs: Inputs, old: State | None) -> None:
        self.azure.group(inputs["resourceGroupName"])

    def made(self, identifier: str, inputs: Inputs, old: Mapping[str, Any]) -> State:
        return {"name": inputs["privateZoneName"], "provisioningState": "Succeeded"}


class VirtualNetworkLink(ArmKind):
    token = "azure-native:privatedns:VirtualNetworkLink"
    path = f"{ZONE}/{LINKS}/{{virtualNetworkLinkName}}"
    identity = frozenset(
        {"resourceGroupName", "privateZoneName", "virtualNetworkLinkName", "virtualNetwork"}
    )
    absent = {"tags": {}, "registrationEnabled": False}
    not_played = frozenset({"resolutionPolicy"})

    def rules(self, identifier: str, inputs: Inputs, old: State | None) -> None:
        self.parent(identifier.partition(f"/{LINKS}/")[0])
        network = (inputs.get("virtualNetwork") or {}).get("id", "")
        self.parent(network, "InvalidResourceReference")
        for each in self.store.every(LINKS):
            zone = each["path"]["privateZoneName"]
            same = each["properties"]["virtualNetwork"]["id"].lower() == network.lower()
            if (
                same
                and each["id"].lower() != identifier.lower()
                and (zone == inputs["privateZoneName"])
            ):
                # Private DNS, "Virtual network links": one zone of a name for each network.
                raise ArmError(409, "Conflict", f"the network is linked to a zone {zone} already.")


KINDS = (PrivateEndpoint, PrivateDnsZoneGroup, PrivateZone, VirtualNetworkLink)
