from collections.abc import Iterator, Sequence

from declare import Framework, Level, Resource, Settings, Severity, stack_rule

from ._google import DECIDING, STORE
from ._google_lifecycle import action, is_noncurrent
from ._objects import entries


@stack_rule(
    title="No rule of the bucket deletes layers that are in use, on Google Cloud",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=Framework("distribution", "3", "garbage collection"),
    types=DECIDING,
    why=(
        "A layer is as old as its first push and may be part of an image that was pushed today. A "
        "rule goes by age, name or size: it deletes the layer while manifests still name it, and "
        "the pull fails. A bucket without versioning has live objects only. The registry collects "
        "its own garbage."
    ),
    source=(
        "distribution/distribution issue 4363: lifecycle rules are for uploads that broke off, "
        "never for images; Google Cloud Storage documentation, Object Lifecycle Management"
    ),
    remedy=(
        "Take the Delete rule out, or limit it to versions that were replaced: "
        "daysSinceNoncurrentTime, numNewerVersions or withState ARCHIVED. Old images go by the "
        "pruner."
    ),
)
def gcs_bucket_keeps_images(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in STORE.of_registry(resources):
        for number, rule in enumerate(entries(bucket.props, "lifecycleRules"), start=1):
            if action(rule) == "Delete" and not is_noncurrent(rule):
                yield bucket, f"lifecycle rule {number} deletes live objects"
