from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import ACLS, DECIDING, STORE, cis
from ._objects import at


@stack_rule(
    title="Access to the registry's bucket is uniform and by no ACL, on Google Cloud",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=cis("5.2"),
    types=(*DECIDING, *ACLS),
    why=(
        "Without uniform access each object has an ACL of its own beside IAM, which no list of the "
        "bucket's grants shows: one layer may be open while the bucket looks closed. The registry "
        "sets no ACLs and needs none, and with uniform access Google refuses them."
    ),
    source="Google Cloud Storage documentation, uniform bucket-level access",
    remedy=(
        "Give the bucket `uniformBucketLevelAccess: true`, take its ACL resources out, and grant "
        "by BucketIAMMember."
    ),
)
def gcs_bucket_uniform_access(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in STORE.of_registry(resources):
        if at(bucket.props, "uniformBucketLevelAccess") is not True:
            yield bucket, "uniformBucketLevelAccess is not true"
        for acl in STORE.parts(resources, bucket, ACLS):
            yield acl, "the bucket has an ACL"
