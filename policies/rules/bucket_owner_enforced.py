from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import (
    ACLS,
    DECIDING,
    OWNERSHIP_CONTROLS,
    best_practices,
    bucket_parts,
    registry_buckets,
)
from ._objects import text


@stack_rule(
    title="The registry's bucket owns its objects and has no ACLs",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=best_practices("S3.12"),
    types=(*DECIDING, *OWNERSHIP_CONTROLS, *ACLS),
    why=(
        "Under any other ownership than BucketOwnerEnforced each object has an ACL of its own, "
        "which a policy of the bucket does not undo, and what another account writes belongs to "
        "that account. The registry sets no ACLs and needs none."
    ),
    source="Amazon S3 User Guide, controlling ownership of objects and disabling ACLs",
    remedy=(
        "Give the bucket a BucketOwnershipControls with rule.objectOwnership BucketOwnerEnforced, "
        "and take out its BucketAcl."
    ),
)
def bucket_owner_enforced(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in registry_buckets(resources):
        controls = bucket_parts(resources, bucket, OWNERSHIP_CONTROLS)
        if not controls:
            yield bucket, "no BucketOwnershipControls is for the bucket"
        for each in controls:
            if text(each.props, "rule", "objectOwnership") != "BucketOwnerEnforced":
                yield each, "rule.objectOwnership is not BucketOwnerEnforced"
        for acl in bucket_parts(resources, bucket, ACLS):
            yield acl, "the bucket has an ACL"
