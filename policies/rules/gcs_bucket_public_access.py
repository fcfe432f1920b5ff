from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._google import BUCKETS
from ._objects import guide, text


@resource_rule(
    title="Public access to buckets is prevented, on Google Cloud",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=guide("3.2.2, warning"),
    types=BUCKETS,
    why=(
        "The images of every project are in this one bucket, behind the registry's own rights. "
        "`enforced` holds whatever is granted later, by mistake or not; `inherited`, the default, "
        "is as good as what the organisation says that day."
    ),
    source="Google Cloud Storage documentation, public access prevention",
    remedy="Give the bucket `publicAccessPrevention: enforced`.",
)
def gcs_bucket_public_access(bucket: Resource, settings: Settings) -> Iterator[str]:
    if text(bucket.props, "publicAccessPrevention") != "enforced":
        yield "publicAccessPrevention is not enforced"
