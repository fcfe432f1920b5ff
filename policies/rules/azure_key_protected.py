from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._azure import HSM, KEY, VAULT
from ._objects import plugin


@resource_rule(
    title="Keys and their vaults are protected, on Azure",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("resource option protect"),
    types=(KEY, VAULT, HSM),
    why=(
        "From the moment the key or its vault is deleted the account answers nothing but errors, "
        "and without it no image can be read again. With protect the engine refuses the deletion "
        "itself."
    ),
    source=(
        "Azure Storage documentation, customer-managed keys, revoke access; pulumi.ResourceOptions"
    ),
    remedy="Give key and vault `protect=True` and `retain_on_delete=True`.",
)
def azure_key_protected(resource: Resource, settings: Settings) -> Iterator[str]:
    if not resource.opts.protect:
        yield f"the {'key' if resource.resource_type == KEY else 'vault'} is not protected"
