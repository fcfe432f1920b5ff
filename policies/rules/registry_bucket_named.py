from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import BUCKETS, DECIDING, bucket_configs, is_named, takes_logs
from ._objects import api


@stack_rule(
    title="The registry uses the bucket that its stack makes",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.storage.s3.bucket"),
    types=DECIDING,
    why=(
        "A bucket that is made for the registry and not named by it stays empty, while the images "
        "go to another one that nobody looks after: the operator makes one itself if none is "
        "named, and fails on a name that is misspelt."
    ),
    source="cluster-image-registry-operator pkg/storage/s3/s3.go, CreateStorage",
    remedy="Write the bucket's name in spec.storage.s3.bucket, from the bucket's own output.",
)
def registry_bucket_named(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    configs = bucket_configs(resources)
    if not configs:
        return
    buckets = [
        each
        for each in resources
        if each.resource_type in BUCKETS and not takes_logs(each, resources)
    ]
    for config in configs:
        if buckets and not any(is_named(each, config) for each in buckets):
            yield config, "spec.storage.s3.bucket is none of the stack's buckets"
