from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._google import BUCKETS, cis
from ._objects import at


@resource_rule(
    title="Access to buckets is uniform, on Google Cloud",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=cis("5.2"),
    types=BUCKETS,
    why=(
        "Without uniform access each object has an ACL of its own beside IAM, which no list of the "
        "bucket's grants shows: one layer may be open while the bucket looks closed. The registry "
        "sets no ACLs and needs none."
    ),
    source="Google Cloud Storage documentation, uniform bucket-level access",
    remedy="Give the bucket `uniformBucketLevelAccess: true`, and grant by BucketIAMMember.",
)
def gcs_bucket_uniform_access(bucket: Resource, settings: Settings) -> Iterator[str]:
    if at(bucket.props, "uniformBucketLevelAccess") is not True:
        yield "uniformBucketLevelAccess is not true"
