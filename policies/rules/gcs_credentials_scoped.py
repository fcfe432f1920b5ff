import re
from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import BUCKETS, WIDE_GRANTS, cis
from ._google_grants import IDENTIFYING, Accounts, roles
from ._objects import CONFIGS
from ._unknown import judge_known_first

# Whoever has one of these above the bucket has this bucket too.
WIDE = re.compile(r"roles/(owner|editor|storage\.\w+)")


@stack_rule(
    title="The registry's service account opens its own bucket, and no project",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=cis("1.5"),
    types=(*IDENTIFYING, *WIDE_GRANTS),
    why=(
        "What is granted on a project, a folder or the organisation holds in every bucket below: "
        "backups, the images of other clusters. The key of this account lies in a namespace of "
        "the cluster. And roles/owner, roles/editor or a role of storage that anybody is given up "
        "there opens the registry's bucket along with all others."
    ),
    source="Google Cloud Storage documentation, IAM roles; IAM documentation, basic roles",
    remedy=(
        "Grant roles on the bucket by BucketIAMMember, and take the IAMMember, IAMBinding or "
        "IAMPolicy of the project out."
    ),
)
def gcs_credentials_scoped(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    wide = [each for each in resources if each.resource_type in WIDE_GRANTS]
    if not wide:
        return
    accounts = Accounts.of(resources)
    has_bucket = any(each.resource_type in (*BUCKETS, *CONFIGS) for each in resources)

    def check(grant: Resource) -> Iterator[tuple[Resource, str]]:
        if has_bucket and any(WIDE.fullmatch(each) for each in roles(grant)):
            yield grant, "a role that opens every bucket below is granted above the bucket"
        elif accounts.are_in(grant):
            yield grant, "the registry's service account has a role above its bucket"

    yield from judge_known_first(wide, check)
