import re
from collections.abc import Iterator, Sequence

from declare import Framework, Level, Resource, Settings, Severity, stack_rule

from ._documents import Statement, granting, statements
from ._identities import IDENTIFYING, ROLE, Reach
from ._objects import NAMESPACE
from ._unknown import judge_known_first

ASSUME = "sts:assumerolewithwebidentity"
PROVIDER = re.compile(r"arn:[a-z-]+:iam::\d{12}:oidc-provider/([^*?]+)")
ACCOUNTS = {
    f"system:serviceaccount:{NAMESPACE}:{name}"
    for name in ("cluster-image-registry-operator", "registry")
}
DOCUMENT = "assumeRolePolicy"


@stack_rule(
    title="Only the registry's service accounts take the registry's role",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=Framework("OpenShift Cloud Credential Operator", "4.15", "AWS STS"),
    types=IDENTIFYING,
    why=(
        "The cluster's provider signs a token for every service account. A role that does not "
        "ask which one it is, or asks by a pattern, hands the images of all projects to any pod "
        "of the cluster; one that trusts a whole account, to whoever administers that. Under a "
        "role that is not the operator's and the registry's own, neither finds the other's."
    ),
    source=(
        "cloud-credential-operator docs/sts.md; AWS IAM User Guide, roles for OpenID Connect, "
        "confused deputy"
    ),
    remedy=(
        "Trust the cluster's OIDC provider alone for sts:AssumeRoleWithWebIdentity, with the "
        "condition StringEquals on PROVIDER:sub and both "
        f"{' and '.join(sorted(ACCOUNTS))}."
    ),
)
def role_trust(resources: Sequence[Resource], settings: Settings) -> Iterator[tuple[Resource, str]]:
    roles = [each for each in resources if each.resource_type == ROLE]
    if not roles:
        return
    reach = Reach.of(resources)

    def check(role: Resource) -> Iterator[tuple[Resource, str]]:
        if _names_accounts(role) or reach.has(role.urn):
            for each in granting(statements(role, DOCUMENT)):
                for finding in _findings(each):
                    yield role, f"{each} of the trust {finding}"

    yield from judge_known_first(roles, check)


def _names_accounts(role: Resource) -> bool:
    """Whether somebody of the registry's namespace may take it."""
    return any(
        f":{NAMESPACE}:" in value
        for each in granting(statements(role, DOCUMENT))
        for condition in each.conditions
        for value in condition.values
    )


def _findings(statement: Statement) -> Iterator[str]:
    provider = _provider(statement)
    if not provider:
        yield "lets in others than one identity provider"
    if [each.lower() for each in statement.words("Action")] != [ASSUME]:
        yield "allows more than sts:AssumeRoleWithWebIdentity"
    subjects = [each for each in statement.conditions if each.key.endswith(":sub")]
    if not any(
        each.operator == "stringequals" and each.values and set(each.values) <= ACCOUNTS
        for each in subjects
    ):
        yield "is not limited to the registry's service accounts"
    elif provider and all(each.key != f"{provider.lower()}:sub" for each in subjects):
        yield "asks for the subject of another identity provider"


def _provider(statement: Statement) -> str | None:
    """The one that it trusts, if there is one and nobody else."""
    principals = statement.principals
    if set(principals) != {"Federated"} or len(principals["Federated"]) != 1:
        return None
    found = PROVIDER.fullmatch(principals["Federated"][0])
    return found[1] if found else None
