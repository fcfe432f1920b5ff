from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._azure import HSM, VAULT, cis
from ._objects import at


@resource_rule(
    title="A vault of keys can't be emptied for good",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=cis("8.5"),
    types=(VAULT, HSM),
    why=(
        "Without its key no image can be read again, whatever is left of the account. Purge "
        "protection keeps what is deleted for its whole time, also from an administrator who is "
        "in a hurry, and Azure takes no key for an account from a vault without it."
    ),
    source="Azure Storage documentation, customer-managed keys, about the key vault",
    remedy=(
        "Give the vault `enablePurgeProtection: true`, and leave enableSoftDelete out, or set it "
        "to true."
    ),
)
def azure_vault_keeps_keys(vault: Resource, settings: Settings) -> Iterator[str]:
    if at(vault.props, "properties", "enablePurgeProtection") is not True:
        yield "properties.enablePurgeProtection is not true"
    if at(vault.props, "properties", "enableSoftDelete") is False:
        yield "properties.enableSoftDelete is false"
