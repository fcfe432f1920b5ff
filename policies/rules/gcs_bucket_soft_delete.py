from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._google import BUCKETS, storage
from ._objects import at


@resource_rule(
    title="What is pruned is not kept and billed for another week, on Google Cloud",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    framework=storage("Soft delete"),
    types=BUCKETS,
    why=(
        "Where nothing is said Google keeps each deleted object for 7 days and bills for it. The "
        "registry deletes all the time: the parts of every upload, and the layers that are "
        "pruned. It is a way back from a deletion by mistake too, and may be wanted for that."
    ),
    source="Google Cloud Storage documentation, soft delete, pricing",
    remedy=(
        "Give the bucket softDeletePolicy.retentionDurationSeconds 0; or keep it and write an "
        "exception that says why."
    ),
)
def gcs_bucket_soft_delete(bucket: Resource, settings: Settings) -> Iterator[str]:
    seconds = at(bucket.props, "softDeletePolicy", "retentionDurationSeconds")
    if isinstance(seconds, bool) or seconds != 0:
        yield "softDeletePolicy.retentionDurationSeconds is not 0"
