from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._aws import BUCKETS

INLINE = (
    "accelerationStatus",
    "acl",
    "corsRules",
    "grants",
    "lifecycleRules",
    "logging",
    "loggings",
    "objectLockConfiguration",
    "policy",
    "replicationConfiguration",
    "replicationConfigurations",
    "requestPayer",
    "serverSideEncryptionConfiguration",
    "serverSideEncryptionConfigurations",
    "versioning",
    "versionings",
    "website",
    "websites",
)


@resource_rule(
    title="Parts of a bucket's configuration are resources of their own",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=Framework("pulumi-aws", "7", "Bucket, deprecated properties"),
    types=BUCKETS,
    why=(
        "What a bucket has inline and what a resource of its own writes are the same thing in "
        "S3. The plugin takes the one for drift of the other: lifecycle rules have been deleted "
        "by a refresh and the next `pulumi up`. The inline properties are deprecated."
    ),
    source="pulumi/pulumi-aws issues 6244 and 2577",
    remedy=(
        "Use the resources: BucketLifecycleConfiguration, BucketPolicy, "
        "BucketServerSideEncryptionConfiguration, BucketVersioning, BucketLogging and the like."
    ),
)
def bucket_parts_apart(bucket: Resource, settings: Settings) -> Iterator[str]:
    # The names alone: whatever a preview knows of their values, they are given.
    for name in INLINE:
        if name in list(bucket.props):
            yield f"{name} is given inline"
