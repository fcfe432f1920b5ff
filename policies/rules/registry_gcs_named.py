from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import DECIDING, STORE, takes_logs
from ._objects import api


@stack_rule(
    title="The registry uses the bucket that its stack makes, on Google Cloud",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.storage.gcs.bucket"),
    types=DECIDING,
    why=(
        "A bucket that is made for the registry and not named by it stays empty, while the images "
        "go to another one that nobody looks after: the operator makes one itself if none is "
        "named, and fails on a name that is misspelt."
    ),
    source="cluster-image-registry-operator pkg/storage/gcs/gcs.go, CreateStorage",
    remedy="Write the bucket's name in spec.storage.gcs.bucket, from the bucket's own output.",
)
def registry_gcs_named(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    configs = STORE.configs(resources)
    if not configs:
        return
    buckets = [each for each in STORE.all(resources) if not takes_logs(each, resources)]
    for config in configs:
        if buckets and not any(STORE.is_named(each, config) for each in buckets):
            yield config, "spec.storage.gcs.bucket is none of the stack's buckets"
