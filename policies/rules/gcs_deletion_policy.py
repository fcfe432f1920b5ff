from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._google import BUCKET, KEY
from ._objects import text

KEEPING = ("ABANDON", "PREVENT")


@resource_rule(
    title="The plugin deletes no bucket and destroys no key, on Google Cloud",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    framework=Framework("pulumi-gcp", "10", "deletionPolicy"),
    types=(BUCKET, KEY),
    why=(
        "Version 10 of the plugin asks each resource what a deletion means, and DELETE is the "
        "default. It is the second lock behind protect, and for a key the only one of Google's "
        "side: keys are never deleted there, so the plugin destroys all their versions instead."
    ),
    source="pulumi-gcp, Bucket and CryptoKey, deletionPolicy",
    remedy="Give bucket and key `deletionPolicy: ABANDON`, or PREVENT.",
)
def gcs_deletion_policy(resource: Resource, settings: Settings) -> Iterator[str]:
    if text(resource.props, "deletionPolicy") not in KEEPING:
        what = "bucket" if resource.resource_type == BUCKET else "key"
        yield f"deletionPolicy of the {what} is neither ABANDON nor PREVENT"
