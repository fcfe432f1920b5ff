from collections.abc import Iterator, Sequence

from declare import Framework, Level, Resource, Settings, Severity, stack_rule

from ._google import BUCKET, DECIDING, KEY, STORE
from ._google_keys import registry_keys
from ._objects import text

KEEPING = ("ABANDON", "PREVENT")


@stack_rule(
    title="The plugin keeps what the registry's images are in and encrypted by, on Google Cloud",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    framework=Framework("pulumi-gcp", "10", "deletionPolicy"),
    types=(*DECIDING, KEY),
    why=(
        "Version 10 of the plugin asks each resource what a deletion means, and DELETE is the "
        "default. It is the second lock behind protect, and for a key the only one of Google's "
        "side: keys are never deleted there, so the plugin destroys all their versions instead."
    ),
    source="pulumi-gcp, Bucket and CryptoKey, deletionPolicy",
    remedy="Give bucket and key `deletionPolicy: ABANDON`, or PREVENT.",
)
def gcs_deletion_policy(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    kept = [*STORE.of_registry(resources), *registry_keys(resources)]
    for each in kept:
        if text(each.props, "deletionPolicy") not in KEEPING:
            what = "bucket" if each.resource_type == BUCKET else "key"
            yield each, f"deletionPolicy of the {what} is neither ABANDON nor PREVENT"
