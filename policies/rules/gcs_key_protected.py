from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import DECIDING, KEY
from ._google_keys import registry_keys
from ._objects import plugin


@stack_rule(
    title="The key of the registry's bucket is protected, on Google Cloud",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("resource option protect"),
    types=(*DECIDING, KEY),
    why=(
        "Without its key no image can be read again, whatever is left of the bucket. Google never "
        "deletes a key: the plugin destroys all of its versions instead, and the name can't be "
        "used again. With protect the engine refuses that itself."
    ),
    source="pulumi-gcp, CryptoKey; Cloud KMS documentation, destroy and restore key versions",
    remedy="Give the key `protect=True` and `retain_on_delete=True`.",
)
def gcs_key_protected(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for key in registry_keys(resources):
        if not key.opts.protect:
            yield key, "the key is not protected"
