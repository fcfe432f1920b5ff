"""The way to an account that the public has none to: `storage.privateAccess` (API since 4.15,
networkAccess)."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from settings.azure import NetworkGroup, NetworkName, SubnetId, SubnetName, ZoneId
from settings.choice import ExactlyOne, Mode, chosen
from settings.form import Form, Maybe, entry


class AzureCreatedEndpoint(Form):
    """A private endpoint for the account, and the DNS zone in which the cluster finds it, made
    and owned here."""

    mode: ClassVar[Mode] = "create"
    internal: ClassVar[None] = None

    subnet_id: SubnetId = entry(
        "The subnet that the endpoint is in.",
        default=...,
        example="/subscriptions/00001111-aaaa-2222-bbbb-3333cccc4444/resourceGroups/network/"
        "providers/Microsoft.Network/virtualNetworks/prod-1/subnets/workers",
        alias="subnetID",
    )
    private_endpoint_name: Maybe[NetworkName] = entry(
        "Name of the endpoint; `<account>-blob` unless given.", example="prod1registry-blob"
    )
    dns_zone_id: Maybe[ZoneId] = entry(
        "A private DNS zone that exists; a new one, linked to the subnet's network, unless given.",
        alias="dnsZoneID",
    )


class AzureOperatorsEndpoint(Form):
    """The operator makes endpoint and DNS zone, and closes the account; with a workload identity
    only."""

    mode: ClassVar[Literal["operator"]] = "operator"

    network_resource_group_name: Maybe[NetworkGroup] = entry(
        "Resource group of the network; the cluster's unless given."
    )
    vnet_name: Maybe[NetworkName] = entry(
        "The network; the cluster's, found by its tag, unless given."
    )
    subnet_name: Maybe[SubnetName] = entry(
        "The subnet; the workers', found in the network, unless given."
    )
    private_endpoint_name: Maybe[NetworkName] = entry(
        "Name of the endpoint; the operator's choice unless given."
    )

    @property
    def internal(self) -> dict[str, Any]:
        """As the custom resource has it."""
        return self.plain()


class AzureUsedEndpoint(Form):
    """Somebody else sees to it that the cluster gets through: `use: {}`."""

    mode: ClassVar[Mode] = "use"
    internal: ClassVar[None] = None


class AzurePrivateChoice(ExactlyOne):
    """The way to the account. The registry redirects nobody to it."""

    one_of: ClassVar[str] = "of create, operator and use"

    create: Maybe[AzureCreatedEndpoint] = entry("Make the private endpoint and own it.")
    operator: Maybe[AzureOperatorsEndpoint] = entry(
        "Leave it to the operator; with a workload identity only.", since="4.15"
    )
    use: Maybe[AzureUsedEndpoint] = entry("It is there: `use: {}`.")


AzurePrivateField = Annotated[AzurePrivateChoice, AfterValidator(chosen)]
