"""What Azure refuses before it looks at a blob, by what is set for the account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab.clouds.azure.store import Resource


@dataclass(frozen=True)
class Refusal:
    status: int
    code: str
    message: str


NO_ACCOUNT = Refusal(400, "InvalidUri", "The request URI is invalid: there is no such account.")
CLOSED = Refusal(
    403, "AuthorizationFailure", "This request is not authorized to perform this operation."
)
"""Of whoever comes from a network that is not let in (Azure Storage, "Troubleshoot 403: network
rules")."""
NO_KEYS = Refusal(
    403,
    "KeyBasedAuthenticationNotPermitted",
    "Key based authentication is not permitted on this storage account.",
)
"""Azure Storage, "Prevent Shared Key authorization"."""
NOT_PUBLIC = Refusal(
    409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account."
)
"""Azure Storage, "Remediate anonymous read access": of whoever asks without any authorization, and
of whoever would open a container."""


def refusal(
    account: Resource | None, endpoints: list[Resource], headers: Mapping[str, str], query: str
) -> Refusal | None:
    """`endpoints`: the private ones of the subscription."""
    if account is None:
        return NO_ACCOUNT
    set_for_it = account["properties"]
    if not _let_in(account, endpoints):
        return CLOSED
    authorization = headers.get("Authorization", "")
    signed = authorization.startswith("SharedKey") or "sig=" in query
    if signed and set_for_it.get("allowSharedKeyAccess") is False:
        return NO_KEYS
    public = bool(set_for_it.get("allowBlobPublicAccess"))
    opens = headers.get("x-ms-blob-public-access")
    if not public and (opens or not (authorization or "sig=" in query)):
        return NOT_PUBLIC
    return None


def _let_in(account: Resource, endpoints: list[Resource]) -> bool:
    """The lab's machine and its pods are in one network: behind each private endpoint, in each
    subnet and at each address that is let in."""
    set_for_it = account["properties"]
    own = account["id"].lower()
    private = any(
        connection.get("privateLinkServiceId", "").lower() == own
        for each in endpoints
        for connection in each["properties"].get("privateLinkServiceConnections") or ()
    )
    if private:
        return True
    if set_for_it.get("publicNetworkAccess") == "Disabled":
        return False
    rules: dict[str, Any] = set_for_it.get("networkRuleSet") or {}
    if rules.get("defaultAction") != "Deny":
        return True
    return bool(rules.get("ipRules") or rules.get("virtualNetworkRules"))
