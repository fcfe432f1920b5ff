from collections.abc import Iterator, Sequence

from declare import Framework, Level, Resource, Settings, Severity, stack_rule

from ._aws import DECIDING, registry_buckets
from ._objects import at


@stack_rule(
    title="Deleting the registry's bucket does not empty it first",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=Framework("pulumi-aws", "7", "Bucket forceDestroy"),
    types=DECIDING,
    why=(
        "S3 refuses to delete a bucket that holds anything, the last thing between a mistake "
        "and the loss of every image. With forceDestroy the plugin deletes all objects and all "
        "their versions first. It is read from the state: a later `false` has to be applied "
        "before it helps."
    ),
    source="pulumi-aws, Bucket, forceDestroy",
    remedy="Take forceDestroy out of the bucket, and apply that.",
)
def bucket_not_emptied(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in registry_buckets(resources):
        if at(bucket.props, "forceDestroy"):
            yield bucket, "forceDestroy is set"
