from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import ACCOUNT_GRANTS, ACCOUNT_KEY, cis
from ._google_grants import IDENTIFYING, Accounts, roles
from ._unknown import judge_known_first

WORKLOAD = "roles/iam.workloadIdentityUser"


@stack_rule(
    title="Where the registry acts by tokens of its cluster it has no key of a service account",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=cis("1.4"),
    types=(*IDENTIFYING, *ACCOUNT_GRANTS),
    why=(
        "A key of a service account never ends, and opens the images from anywhere. On a cluster "
        "with workload identity it is what that is there to do without: the registry works by its "
        "tokens of an hour, and the key lies about for others."
    ),
    source=(
        "IAM documentation, best practices for service account keys; cloud-credential-operator "
        "docs/gcp_workload_identity.md"
    ),
    remedy="Take the serviceaccount.Key out, or the grant where the cluster has no such identity.",
)
def gcs_identity_or_key(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    keys = [each for each in resources if each.resource_type == ACCOUNT_KEY]
    trusts = [
        each
        for each in resources
        if each.resource_type in ACCOUNT_GRANTS and (keys and WORKLOAD in roles(each))
    ]
    if not trusts:
        return
    accounts = Accounts.of(resources)

    def check(key: Resource) -> Iterator[tuple[Resource, str]]:
        owner = accounts.owner(key)
        if accounts.has({owner}) and owner in {accounts.owner(each) for each in trusts}:
            yield key, "the account trusts the cluster's tokens, and this is a key of it"

    yield from judge_known_first(keys, check)
