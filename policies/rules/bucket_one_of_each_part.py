from collections.abc import Iterator, Sequence

from declare import Framework, Level, Resource, Settings, Severity, stack_rule

from ._aws import (
    DECIDING,
    ENCRYPTIONS,
    LIFECYCLES,
    LOGGINGS,
    OWNERSHIP_CONTROLS,
    POLICIES,
    PUBLIC_ACCESS_BLOCKS,
    VERSIONINGS,
    bucket_parts,
    registry_buckets,
)

PARTS = {
    "BucketLifecycleConfiguration": LIFECYCLES,
    "BucketLogging": LOGGINGS,
    "BucketOwnershipControls": OWNERSHIP_CONTROLS,
    "BucketPolicy": POLICIES,
    "BucketPublicAccessBlock": PUBLIC_ACCESS_BLOCKS,
    "BucketServerSideEncryptionConfiguration": ENCRYPTIONS,
    "BucketVersioning": VERSIONINGS,
}


@stack_rule(
    title="The registry's bucket has each part of its configuration once",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=Framework("pulumi-aws", "7", "BucketLifecycleConfiguration"),
    types=(*DECIDING, *(each for types in PARTS.values() for each in types)),
    why=(
        "S3 keeps one lifecycle, one policy, one encryption of a bucket, and writing it replaces "
        "the whole. Of two resources for it the one that runs last wins, unnoticed, and each "
        "later run may turn it round: the policy that refuses plain HTTP is gone, or the rule "
        "that ends abandoned uploads."
    ),
    source="pulumi/pulumi-aws issue 5187",
    remedy="Put all rules, or all statements, of the bucket into one resource.",
)
def bucket_one_of_each_part(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in registry_buckets(resources):
        for name, types in PARTS.items():
            _, *others = bucket_parts(resources, bucket, types) or [None]
            for each in others:
                yield each, f"the bucket has another {name}"
