import re
from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._google import ACCOUNT_GRANTS
from ._google_grants import members, roles
from ._objects import NAMESPACE

ACTING = {
    "roles/iam.workloadIdentityUser",
    "roles/iam.serviceAccountTokenCreator",
    "roles/iam.serviceAccountUser",
}
REGISTRYS = re.compile(
    r"principal://iam\.googleapis\.com/projects/\d+/locations/global/workloadIdentityPools/[^/]+"
    rf"/subject/system:serviceaccount:{NAMESPACE}:(cluster-image-registry-operator|registry)"
)
POOL = "//iam.googleapis.com/projects/"


@resource_rule(
    title="Only the registry's service accounts act as the registry's account of Google's",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=Framework("OpenShift Cloud Credential Operator", "4.15", "GCP Workload Identity"),
    types=ACCOUNT_GRANTS,
    why=(
        "The cluster signs a token for every service account. A grant to a whole pool, or to an "
        "attribute that many have, hands the images of all projects to any pod of the cluster, or "
        "of all clusters of the pool."
    ),
    source=(
        "cloud-credential-operator docs/gcp_workload_identity.md; IAM documentation, Workload "
        "Identity Federation, principal identifiers"
    ),
    remedy=(
        "Grant roles/iam.workloadIdentityUser to principal://iam.googleapis.com/projects/NUMBER/"
        "locations/global/workloadIdentityPools/POOL/subject/system:serviceaccount:"
        f"{NAMESPACE}:NAME, NAME being cluster-image-registry-operator and registry."
    ),
)
def gcs_identity_trust(grant: Resource, settings: Settings) -> Iterator[str]:
    if not ACTING & set(roles(grant)):
        return
    named = members(grant)
    if any(each in ("allUsers", "allAuthenticatedUsers") for each in named):
        yield "everybody may act as the account"
    elif any(_is_wide(each) for each in named):
        yield "a whole pool, or more of it than one service account, may act as the account"
    elif any(f":{NAMESPACE}:" in each for each in named) and any(
        POOL in each and not REGISTRYS.fullmatch(each) for each in named
    ):
        yield "another service account than the registry's may act as the account"


def _is_wide(member: str) -> bool:
    return member.startswith("principalSet:") or ("*" in member and POOL in member)
