from collections.abc import Iterator, Sequence

from declare import Framework, Level, Resource, Settings, Severity, stack_rule

from ._google import DECIDING, STORE
from ._objects import at


@stack_rule(
    title="Deleting the registry's bucket does not empty it first, on Google Cloud",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=Framework("pulumi-gcp", "10", "Bucket forceDestroy"),
    types=DECIDING,
    why=(
        "Google refuses to delete a bucket that holds anything, the last thing between a mistake "
        "and the loss of every image. With forceDestroy the plugin deletes all objects first. It "
        "is read from the state: a later `false` has to be applied before it helps."
    ),
    source="pulumi-gcp, Bucket, forceDestroy",
    remedy="Take forceDestroy out of the bucket, and apply that.",
)
def gcs_bucket_not_emptied(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in STORE.of_registry(resources):
        if at(bucket.props, "forceDestroy"):
            yield bucket, "forceDestroy is set"
