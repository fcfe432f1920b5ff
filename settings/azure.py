"""Names as Azure has them."""

import re
from typing import Annotated

from settings.problems import is_encrypted, quoted
from settings.refusal import refusal
from settings.types import Checked, OneOf, Syntax

CLOUD_NAMES = {
    "public": "AzurePublicCloud",
    "usgovernment": "AzureUSGovernmentCloud",
    "china": "AzureChinaCloud",
    "german": "AzureGermanCloud",
}
"""The provider's environments, and what the operator calls them (guide 3.4.3)."""

STACK = "AzureStackCloud"
"""A cloud of one's own, which the provider can't reach."""

_GERMAN = ("germanycentral", "germanynortheast")


def environment_of(location: str) -> str:
    """The environment that a location is in."""
    if location.startswith(("usgov", "usdod")):
        return "usgovernment"
    if location.startswith("china"):
        return "china"
    return "german" if location in _GERMAN else "public"


GROUP = r"[\w().-]*[\w()-]"
SUBSCRIPTION = r"/subscriptions/[0-9a-fA-F-]{36}"
UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


def _resource(kind: str, what: str, example: str) -> Syntax:
    path = rf"{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/{kind}"
    fix = f"write /subscriptions/ID/resourceGroups/GROUP/providers/{example}"
    return Syntax("azure:id", path, what, fix, 1024)


def identifier(what: str) -> Syntax:
    return Syntax(
        "azure:id",
        UUID,
        what,
        "write it as Azure shows it, e.g. 00001111-aaaa-2222-bbbb-3333cccc4444",
        36,
    )


SubscriptionId = Annotated[str, identifier("ID of a subscription")]
ClientId = Annotated[str, identifier("client ID of an identity")]
TenantId = Annotated[str, identifier("ID of a tenant")]

SubnetId = Annotated[
    str,
    _resource(
        r"Microsoft\.Network/virtualNetworks/[\w.-]+/subnets/[\w.-]+",
        "subnet by its ID",
        "Microsoft.Network/virtualNetworks/NETWORK/subnets/SUBNET",
    ),
]
ZoneId = Annotated[
    str,
    _resource(
        r"Microsoft\.Network/privateDnsZones/[\w.-]+",
        "private DNS zone by its ID",
        "Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net",
    ),
]
WorkspaceId = Annotated[
    str,
    _resource(
        r"Microsoft\.OperationalInsights/workspaces/[\w-]+",
        "workspace of Log Analytics by its ID",
        "Microsoft.OperationalInsights/workspaces/WORKSPACE",
    ),
]
IdentityId = Annotated[
    str,
    _resource(
        r"Microsoft\.ManagedIdentity/userAssignedIdentities/[\w-]+",
        "user-assigned identity by its ID",
        "Microsoft.ManagedIdentity/userAssignedIdentities/IDENTITY",
    ),
]

ResourceGroup = Annotated[
    str,
    Syntax(
        "azure:name",
        GROUP,
        "name of a resource group",
        "write letters, digits and ()_.- only, without a period at the end",
        90,
    ),
]
LocationName = Annotated[
    str,
    Syntax("azure:name", r"[a-z0-9]+", "location", "write its short name, e.g. westeurope", 40),
]
IdentityName = Annotated[
    str,
    Syntax(
        "azure:name",
        r"[A-Za-z0-9][\w-]{2,}",
        "name of an identity",
        "write 3 to 128 letters, digits, '-' and '_', e.g. prod-1-image-registry",
        128,
    ),
]
ACCOUNT = Syntax(
    "azure:account-name",
    r"[a-z0-9]{3,24}",
    "name that Azure lets a storage account have",
    "write 3 to 24 lower-case letters and digits, nothing else, e.g. prod1registry",
    24,
)
AccountName = Annotated[str, ACCOUNT]
CONTAINER = Syntax(
    "azure:container-name",
    r"(?=.{3})[0-9a-z]+(-[0-9a-z]+)*",
    "name that Azure and the operator let a container have",
    "write 3 to 63 lower-case letters and digits, single hyphens between them, e.g. image-registry",
    63,
)
ContainerName = Annotated[str, CONTAINER]
Environment = Annotated[str, OneOf(*CLOUD_NAMES)]
CloudName = Annotated[str, OneOf(*CLOUD_NAMES.values(), STACK, rule="azure:cloud-name")]


def network_name(least: int, longest: int) -> Syntax:
    """As openshift/api imageregistry/v1 types.go has it for what the operator is told."""
    return Syntax(
        "azure:network-name",
        rf"(?=.{{{least}}})[0-9A-Za-z]([0-9A-Za-z_.-]*[0-9A-Za-z_])?",
        "name that the operator takes",
        "write letters, digits and _.- only, a letter or digit first, no '.' or '-' last",
        longest,
    )


NetworkName = Annotated[str, network_name(2, 64)]
SubnetName = Annotated[str, network_name(1, 80)]
NetworkGroup = Annotated[
    str,
    Syntax(
        "azure:network-name",
        r"[0-9A-Za-z_.-]([0-9A-Za-z_.-]*[0-9A-Za-z_-])?",
        "name of a resource group that the operator takes",
        "write letters, digits and _.- only, no '.' last",
        90,
    ),
]

ADDRESSES = r"[0-9]{1,3}(\.[0-9]{1,3}){3}(/([0-9]|[12][0-9]|30))?"
PRIVATE = r"(10|127)\..*|192\.168\..*|172\.(1[6-9]|2[0-9]|3[01])\..*"
Addresses = Annotated[
    str,
    Syntax(
        "azure:addresses",
        rf"(?!{PRIVATE}){ADDRESSES}",
        "public address or range that Azure takes",
        "write an IPv4 address, or a range of /30 or wider, e.g. 203.0.113.0/24; what is private "
        "goes by `subnetIDs`",
        18,
    ),
]

OWN_TAGS = 48
INSTALLER = ("kubernetes.io_cluster.", "kubernetes.io-cluster-")


class _Tags(Checked):
    """A mapping of tags whose faults are said in one sentence."""

    def check(self, value: dict[str, str]) -> dict[str, str]:
        if is_encrypted(value):
            raise refusal(
                "secure-key",
                "is read by Pulumi as an encrypted value, because its only key is `secure`",
                "add a second key, or name it differently",
            )
        bad = [key for key, each in value.items() if not _fits(key, each)]
        if bad:
            raise refusal(
                "azure:tag",
                f"has tags that Azure does not take, at {', '.join(map(quoted, bad))}",
                "write keys of 1 to 128 letters without <>%&\\?/ and values of up to 256",
            )
        if len(value) > OWN_TAGS:
            raise refusal(
                "azure:tag",
                f"has more than {OWN_TAGS} tags, and of the 50 that Azure takes two are the "
                "stack's",
                f"keep to {OWN_TAGS}",
            )
        if any(key.startswith(INSTALLER) for key in value):
            raise refusal(
                "azure:tag-installer",
                f"has the tag {INSTALLER[0]}..., by which `openshift-install destroy cluster` "
                "finds what it deletes, images and all",
                "leave it out",
            )
        return value


def _fits(key: str, value: str) -> bool:
    return bool(re.fullmatch(r"[^<>%&\\?/\x00-\x1f]{1,128}", key)) and len(value) <= 256


Tags = Annotated[dict[str, str], _Tags()]
