from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import DECIDING, STORE
from ._objects import guide, text


@stack_rule(
    title="Public access to the registry's bucket is prevented, on Google Cloud",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=guide("3.2.2, warning"),
    types=DECIDING,
    why=(
        "The images of every project are in this one bucket, behind the registry's own rights. "
        "`enforced` holds whatever is granted later, by mistake or not; `inherited`, the default, "
        "is as good as what the organisation says that day."
    ),
    source="Google Cloud Storage documentation, public access prevention",
    remedy="Give the bucket `publicAccessPrevention: enforced`.",
)
def gcs_bucket_public_access(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in STORE.of_registry(resources):
        if text(bucket.props, "publicAccessPrevention") != "enforced":
            yield bucket, "publicAccessPrevention is not enforced"
