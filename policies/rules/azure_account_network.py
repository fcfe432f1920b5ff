from collections.abc import Iterator, Mapping
from typing import Any

from declare import Level, Resource, Settings, Severity, resource_rule

from ._azure import ACCOUNT, cis
from ._objects import entries, text

CLOSED = ("Disabled", "SecuredByPerimeter")
ANYBODY = ("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1")


@resource_rule(
    title="Storage accounts let in named networks alone",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=cis("3.8"),
    types=(ACCOUNT,),
    why=(
        "An account without rules answers the whole internet: whoever has a key of it, from a "
        "backup or a log, reads and replaces the images from anywhere. A cluster is in a network "
        "of its own, or behind few addresses."
    ),
    source="Azure Storage documentation, configure firewalls and virtual networks",
    remedy=(
        "Give the account networkRuleSet.defaultAction Deny with the subnets of the nodes or the "
        "addresses they go out by; or publicNetworkAccess Disabled and a private endpoint."
    ),
)
def azure_account_network(account: Resource, settings: Settings) -> Iterator[str]:
    if text(account.props, "publicNetworkAccess") in CLOSED:
        return
    if text(account.props, "networkRuleSet", "defaultAction") != "Deny":
        yield "networkRuleSet.defaultAction is not Deny, and publicNetworkAccess not Disabled"
    elif any(_is_anybody(rule) for rule in entries(account.props, "networkRuleSet", "ipRules")):
        yield "networkRuleSet.ipRules let everybody in"


def _is_anybody(rule: Any) -> bool:
    return isinstance(rule, Mapping) and text(rule, "iPAddressOrRange") in ANYBODY
