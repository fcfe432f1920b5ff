from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._azure import ACCOUNT, benchmark
from ._objects import at, text

SAFE = ("TLS1_2", "TLS1_3")


@resource_rule(
    title="Storage accounts take TLS 1.2 or newer, and nothing without",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=benchmark("DP-3"),
    types=(ACCOUNT,),
    why=(
        "Where nothing is said an account takes TLS 1.0, which whoever is on the way can break; "
        "without HTTPS alone it takes plain HTTP too, and shows images and what signs the "
        "requests."
    ),
    source=(
        "ARM reference, Microsoft.Storage/storageAccounts, minimumTlsVersion and "
        "supportsHttpsTrafficOnly"
    ),
    remedy=(
        "Give the account `minimumTlsVersion: TLS1_2`, and leave enableHttpsTrafficOnly out, or "
        "set it to true."
    ),
)
def azure_account_tls(account: Resource, settings: Settings) -> Iterator[str]:
    if at(account.props, "enableHttpsTrafficOnly") is False:
        yield "enableHttpsTrafficOnly is false"
    if text(account.props, "minimumTlsVersion") not in SAFE:
        yield "minimumTlsVersion is not TLS1_2"
