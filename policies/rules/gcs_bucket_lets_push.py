from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import DECIDING, STORE, storage
from ._objects import at


@stack_rule(
    title="The bucket lets the registry write and delete, on Google Cloud",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=storage("Retention policies and object holds"),
    types=DECIDING,
    why=(
        "Under a retention policy or a hold no object can be replaced or deleted. The registry "
        "replaces the link of a tag at each push and deletes the parts of each upload: pushes end "
        "in an error, pruning does nothing, and a policy that is locked can't be taken back."
    ),
    source=(
        "Google Cloud Storage documentation, Bucket Lock; distribution "
        "registry/storage/driver/gcs, Move and Delete"
    ),
    remedy=(
        "Take retentionPolicy and defaultEventBasedHold out of the bucket; versioning keeps what "
        "is overwritten without that."
    ),
)
def gcs_bucket_lets_push(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in STORE.of_registry(resources):
        for name in ("retentionPolicy", "defaultEventBasedHold"):
            if at(bucket.props, name):
                yield bucket, f"{name} is set"
