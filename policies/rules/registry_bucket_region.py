from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import BUCKETS, DECIDING, bucket_configs, is_named
from ._objects import api, text
from ._unknown import judge_known_first


@stack_rule(
    title="The registry looks for its bucket in the bucket's region",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.storage.s3.region"),
    types=DECIDING,
    why=(
        "S3 signs requests by region: with another one it answers 301 or "
        "AuthorizationHeaderMalformed, and the registry's pods never get ready."
    ),
    source="cluster-image-registry-operator pkg/storage/s3/s3.go, UpdateEffectiveConfig",
    remedy="Write the bucket's region in spec.storage.s3.region.",
)
def registry_bucket_region(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    def check(config: Resource) -> Iterator[tuple[Resource, str]]:
        wanted = text(config.props, "spec", "storage", "s3", "region")
        if not wanted:
            return  # The operator takes the cluster's.
        for bucket in resources:
            if bucket.resource_type in BUCKETS and is_named(bucket, config):
                region = text(bucket.props, "region")
                if region and region != wanted:
                    yield config, "spec.storage.s3.region is not the region of its bucket"

    yield from judge_known_first(bucket_configs(resources), check)
