from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import DECIDING
from ._keys import KEY_HOLDERS, registry_keys
from ._objects import plugin


@stack_rule(
    title="The key of the registry's bucket is protected",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("resource option protect"),
    types=(*DECIDING, *KEY_HOLDERS),
    why=(
        "Without its key no image can be read again, whatever is left of the bucket. From the day "
        "a key is scheduled for deletion it encrypts and decrypts nothing: pulls fail at once. "
        "With protect the engine refuses the deletion itself."
    ),
    source="AWS KMS Developer Guide, deleting keys; pulumi.ResourceOptions",
    remedy="Give the key `protect=True` and `retain_on_delete=True`.",
)
def key_protected(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for key in registry_keys(resources):
        if not key.opts.protect:
            yield key, "the key is not protected"
