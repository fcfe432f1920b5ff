from collections.abc import Iterator, Sequence
from typing import Any

from declare import Framework, Level, Resource, Settings, Severity, stack_rule

from ._aws import DECIDING, LIFECYCLES, bucket_parts, registry_buckets
from ._lifecycle import is_enabled
from ._objects import at, entries


@stack_rule(
    title="No rule of the bucket deletes or moves layers that are in use",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=Framework("distribution", "3", "garbage collection"),
    types=(*DECIDING, *LIFECYCLES),
    why=(
        "A layer is as old as its first push and may be part of an image that was pushed today. "
        "A rule goes by age: it deletes the layer, or moves it where it can't be read at once, "
        "while manifests still name it, and the pull fails. The registry collects its own garbage."
    ),
    source=(
        "distribution/distribution issue 4363: lifecycle rules are for uploads that broke off, "
        "never for images"
    ),
    remedy=(
        "Take expiration.days, expiration.date and transitions out of the enabled rules. Rules "
        "for noncurrent versions and for abandoned uploads may stay; old images go by the pruner."
    ),
)
def bucket_keeps_images(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in registry_buckets(resources):
        for each in bucket_parts(resources, bucket, LIFECYCLES):
            for number, rule in enumerate(entries(each.props, "rules"), start=1):
                if _expires(rule) and is_enabled(rule):
                    yield each, f"rule {number} deletes current objects by age"
                if entries(rule, "transitions") and is_enabled(rule):
                    yield each, f"rule {number} moves current objects to another class by age"


def _expires(rule: Any) -> bool:
    return bool(at(rule, "expiration", "days") or at(rule, "expiration", "date"))
