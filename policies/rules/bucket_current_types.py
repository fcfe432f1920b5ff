from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._aws import (
    ACLS,
    BUCKETS,
    ENCRYPTIONS,
    LIFECYCLES,
    LOGGINGS,
    VERSIONINGS,
    WEBSITES,
    token,
)

OLD = (
    *(types[1] for types in (BUCKETS, ACLS, ENCRYPTIONS, LIFECYCLES, LOGGINGS, VERSIONINGS)),
    WEBSITES[1],
    *(
        token("s3", f"Bucket{name}V2")
        for name in (
            "AccelerateConfiguration",
            "CorsConfiguration",
            "ObjectLockConfiguration",
            "RequestPaymentConfiguration",
        )
    ),
)


@resource_rule(
    title="Buckets are written with the current types of the plugin",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    framework=Framework("pulumi-aws", "7", "migration guide, S3"),
    types=(*OLD, BUCKETS[0]),
    why=(
        "The types whose names end in V2 are deprecated in version 7 of the plugin and gone in "
        "version 8. To the engine a bucket of another type is another bucket, unless an alias "
        "says otherwise: a hurried rename plans the deletion of the old one."
    ),
    source="pulumi-aws 7 migration guide",
    remedy=(
        "Rename the class (BucketV2 to Bucket); the plugin's alias keeps the state, so that the "
        "preview shows no replacement."
    ),
)
def bucket_current_types(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.resource_type in OLD:
        yield "the type is deprecated"
