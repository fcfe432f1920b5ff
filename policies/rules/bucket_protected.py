from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import DECIDING, registry_buckets
from ._objects import plugin


@stack_rule(
    title="The registry's bucket is protected",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("resource option protect"),
    types=DECIDING,
    why=(
        "Whatever replaces the bucket, a new name for one, deletes the old one and every image "
        "with it. With protect the engine refuses the deletion itself."
    ),
    source="pulumi.ResourceOptions; pulumi-aws, Bucket, properties that replace",
    remedy="Give the bucket `protect=True` and `retain_on_delete=True`.",
)
def bucket_protected(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in registry_buckets(resources):
        if not bucket.opts.protect:
            yield bucket, "the bucket is not protected"
