from collections.abc import Iterator, Sequence
from typing import Any

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import DECIDING, LIFECYCLES, bucket_parts, registry_buckets
from ._lifecycle import is_enabled, is_for_all
from ._objects import at, entries, guide


@stack_rule(
    title="Uploads that were given up are removed from the registry's bucket",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=guide("3.1.2, step 1"),
    types=(*DECIDING, *LIFECYCLES),
    why=(
        "A push that breaks off leaves the parts it has sent, which no listing of objects shows "
        "and which are paid for until a rule removes them. A rule that is disabled, or has a "
        "filter, leaves some. The registry's own purge of uploads does not see them."
    ),
    source=(
        "registry guide 3.1.2; cluster-image-registry-operator pkg/storage/s3/s3.go, "
        "cleanup-incomplete-multipart-registry-uploads"
    ),
    remedy=(
        "Give the bucket a BucketLifecycleConfiguration with one rule: status Enabled, filter {} "
        "and abortIncompleteMultipartUpload.daysAfterInitiation 1."
    ),
    settings={
        "maximumDays": {
            "type": "number",
            "minimum": 1,
            "default": 1,
            "description": "Days after which an upload has to be removed, at most",
        }
    },
)
def bucket_aborts_uploads(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    longest = settings["maximumDays"]
    for bucket in registry_buckets(resources):
        lifecycles = bucket_parts(resources, bucket, LIFECYCLES)
        if not lifecycles:
            yield bucket, "no BucketLifecycleConfiguration is for the bucket"
        for each in lifecycles:
            if not any(_aborts(rule, longest) for rule in entries(each.props, "rules")):
                yield (
                    each,
                    f"no enabled rule without a filter ends uploads after {longest:g} days or less",
                )


def _aborts(rule: Any, longest: float) -> bool:
    days = at(rule, "abortIncompleteMultipartUpload", "daysAfterInitiation")
    return (
        isinstance(days, int | float)
        and not isinstance(days, bool)
        and days <= longest
        and is_enabled(rule)
        and is_for_all(rule)
    )
