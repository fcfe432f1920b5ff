from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import DECIDING, PUBLIC_ACCESS_BLOCKS, best_practices, bucket_parts, registry_buckets
from ._objects import at

BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


@stack_rule(
    title="Public access to the registry's bucket is blocked",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=best_practices("S3.8"),
    types=(*DECIDING, *PUBLIC_ACCESS_BLOCKS),
    why=(
        "The images of every project are in this one bucket, behind the registry's own rights. "
        "The four blocks hold whatever a policy or an ACL says later, by mistake or not. S3 sets "
        "them on new buckets, and only a resource of the stack keeps them there."
    ),
    source="registry guide 3.1.2, warning; Amazon S3 User Guide, blocking public access",
    remedy=(
        "Give the bucket one BucketPublicAccessBlock with blockPublicAcls, blockPublicPolicy, "
        "ignorePublicAcls and restrictPublicBuckets true."
    ),
)
def bucket_public_access(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in registry_buckets(resources):
        blocks = bucket_parts(resources, bucket, PUBLIC_ACCESS_BLOCKS)
        if not blocks:
            yield bucket, "no BucketPublicAccessBlock is for the bucket"
        for block in blocks:
            for name in BLOCKS:
                if at(block.props, name) is not True:
                    yield block, f"{name} is not true"
