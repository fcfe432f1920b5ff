"""The private way to an account that is closed to the public.

Makes a private endpoint for the account's blobs in the cluster's network, and, unless there is one,
the private DNS zone in which the account's name leads to it, linked to that network. All of it is
kept whatever happens to the stack. Refuses to make: what the operator makes itself.
"""

from collections.abc import Iterator

from pulumi import Resource, ResourceOptions
from pulumi_azure_native import network, privatedns

from components.azure.found import Subscription
from components.azure.names import SUFFIXES, tags_of
from components.found import taken_up
from components.options import kept
from settings.azure_private import AzureCreatedEndpoint

BLOB = "blob"
"""The part of the account that the endpoint leads to (Azure Private Link, "Private-link
resource")."""


def private_way(
    wanted: AzureCreatedEndpoint,
    location: str,
    account: list[Resource],
    found: Subscription,
    opts: ResourceOptions,
) -> Iterator[Resource]:
    """`location` is that of the network."""
    endpoint, name = _endpoint(wanted, location, account, found, opts)
    yield endpoint
    zone_id, after = wanted.dns_zone_id, [endpoint]
    if zone_id is None:
        zone_name = f"privatelink.blob.{SUFFIXES[found.storage.environment]}"
        zone = _zone(zone_name, found, opts)
        link = _link(zone, zone_name, wanted.subnet_id.rpartition("/subnets/")[0], found, opts)
        yield zone
        yield link
        zone_id, after = found.names.zone(zone_name), [endpoint, zone, link]
    there = found.endpoint(name) is not None and found.zone_group(name, "default") is not None
    identifier = f"{found.names.endpoint(name)}/privateDnsZoneGroups/default"
    yield network.PrivateDnsZoneGroup(
        name,
        private_dns_zone_group_name="default",
        private_endpoint_name=name,
        resource_group_name=found.group,
        private_dns_zone_configs=[
            {"name": zone_id.rpartition("/")[2].replace(".", "-"), "private_dns_zone_id": zone_id}
        ],
        opts=kept(
            opts,
            taken_up(identifier, there),
            depends_on=after,
            ignore_changes=["name", "id"],
        ),
    )


def _endpoint(
    wanted: AzureCreatedEndpoint,
    location: str,
    account: list[Resource],
    found: Subscription,
    opts: ResourceOptions,
) -> tuple[network.PrivateEndpoint, str]:
    account_name = found.storage.account.name
    name = wanted.private_endpoint_name or f"{account_name}-{BLOB}"
    there = found.ours(
        f"openshift-registry:storage.privateAccess.create: the private endpoint {name} of the "
        f"resource group {found.group}",
        found.endpoint(name),
        "write another privateEndpointName, or `use: {}` if it leads to the account",
    )
    made = network.PrivateEndpoint(
        name,
        private_endpoint_name=name,
        resource_group_name=found.group,
        location=location,
        subnet={"id": wanted.subnet_id},
        private_link_service_connections=[
            {
                "name": name,
                "private_link_service_id": found.names.account(account_name),
                "group_ids": [BLOB],
            }
        ],
        tags=tags_of(found.cluster),
        opts=kept(opts, taken_up(found.names.endpoint(name), there), depends_on=account),
    )
    return made, name


def _zone(name: str, found: Subscription, opts: ResourceOptions) -> privatedns.PrivateZone:
    there = found.ours(
        f"openshift-registry:storage.privateAccess.create: the private DNS zone {name} of the "
        f"resource group {found.group}",
        found.zone(name),
        f"name it: dnsZoneID: {found.names.zone(name)}; it has to be linked to the network",
    )
    return privatedns.PrivateZone(
        name,
        private_zone_name=name,
        resource_group_name=found.group,
        location="global",
        tags=tags_of(found.cluster),
        opts=kept(opts, taken_up(found.names.zone(name), there)),
    )


def _link(
    zone: privatedns.PrivateZone,
    zone_name: str,
    virtual_network: str,
    found: Subscription,
    opts: ResourceOptions,
) -> privatedns.VirtualNetworkLink:
    """The names of machines are not registered there."""
    name = found.storage.account.name
    there = found.zone(zone_name) is not None and found.link(zone_name, name) is not None
    identifier = f"{found.names.zone(zone_name)}/virtualNetworkLinks/{name}"
    return privatedns.VirtualNetworkLink(
        name,
        virtual_network_link_name=name,
        private_zone_name=zone_name,
        resource_group_name=found.group,
        location="global",
        registration_enabled=False,
        virtual_network={"id": virtual_network},
        tags=tags_of(found.cluster),
        opts=kept(opts, taken_up(identifier, there), depends_on=[zone]),
    )
