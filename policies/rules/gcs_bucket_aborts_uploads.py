from collections.abc import Iterator, Sequence
from typing import Any

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import DECIDING, STORE
from ._google_lifecycle import action, conditions
from ._objects import at, entries, guide


@stack_rule(
    title="Uploads that were given up are removed from the registry's bucket, on Google Cloud",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=guide("3.2.2, step 1"),
    types=DECIDING,
    why=(
        "A multipart upload that breaks off leaves the parts it has sent, which no listing of "
        "objects shows and which are paid for until a rule removes them. A rule with another "
        "condition beside age leaves some, or is refused."
    ),
    source=(
        "registry guide 3.2.2; Google Cloud Storage documentation, AbortIncompleteMultipartUpload; "
        "googleapis/python-storage pull request 765"
    ),
    remedy=(
        "Give the bucket a lifecycle rule: action.type AbortIncompleteMultipartUpload, "
        "condition.age 1 and no other condition."
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
def gcs_bucket_aborts_uploads(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    longest = settings["maximumDays"]
    for bucket in STORE.of_registry(resources):
        if not any(_aborts(rule, longest) for rule in entries(bucket.props, "lifecycleRules")):
            yield (
                bucket,
                f"no lifecycle rule by age alone ends uploads after {longest:g} days or less",
            )


def _aborts(rule: Any, longest: float) -> bool:
    if action(rule) != "AbortIncompleteMultipartUpload" or conditions(rule) != {"age"}:
        return False
    days = at(rule, "condition", "age")
    return isinstance(days, int | float) and not isinstance(days, bool) and days <= longest
