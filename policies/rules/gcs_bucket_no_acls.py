from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import ACLS, DECIDING, STORE, storage


@stack_rule(
    title="The registry's bucket has no ACLs, on Google Cloud",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=storage("Access control lists"),
    types=(*DECIDING, *ACLS),
    why=(
        "With uniform access Google refuses ACLs, and `pulumi up` stops half way; without, they "
        "open what no list of the bucket's grants shows."
    ),
    source="Google Cloud Storage documentation, uniform bucket-level access",
    remedy="Take the resource out, and grant by BucketIAMMember.",
)
def gcs_bucket_no_acls(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in STORE.of_registry(resources):
        for acl in STORE.parts(resources, bucket, ACLS):
            yield acl, "the bucket has an ACL"
