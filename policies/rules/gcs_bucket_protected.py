from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import DECIDING, STORE
from ._objects import plugin


@stack_rule(
    title="The registry's bucket is protected, on Google Cloud",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("resource option protect"),
    types=DECIDING,
    why=(
        "Whatever replaces the bucket, a new name or location for one, deletes the old one and "
        "every image with it. With protect the engine refuses the deletion itself."
    ),
    source="pulumi.ResourceOptions; pulumi-gcp, Bucket, properties that replace",
    remedy="Give the bucket `protect=True` and `retain_on_delete=True`.",
)
def gcs_bucket_protected(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in STORE.of_registry(resources):
        if not bucket.opts.protect:
            yield bucket, "the bucket is not protected"
