import re
from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import BUCKETS, cis, token
from ._identities import ATTACHMENTS, IDENTIFYING, POLICY, Reach, owner_of
from ._objects import CONFIGS, text
from ._origins import origins

# Attaches one policy to many, and takes it from everybody else.
TO_MANY = token("iam", "PolicyAttachment")
GROUPS = token("iam", "UserGroupMembership")
OF_AWS = re.compile(r"arn:[a-z-]+:iam::aws:policy/.+")
# Those that reach every bucket of the account, the registry's included, whoever has them.
WIDE = re.compile(
    r"arn:[a-z-]+:iam::aws:policy/(AmazonS3\w*|AdministratorAccess|PowerUserAccess|ReadOnlyAccess)"
)


@stack_rule(
    title="The registry's credentials have no policy of AWS's own and no group",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=cis("1.16"),
    types=(*IDENTIFYING, TO_MANY),
    why=(
        "AmazonS3FullAccess and the like open every bucket of the account, and AWS widens them as "
        "it goes. What a group may do, others decide later."
    ),
    source="AWS IAM User Guide, AWS managed policies; AWS managed policy reference",
    remedy=(
        "Detach it, and give the user or role a UserPolicy or RolePolicy that names the bucket "
        "and the key."
    ),
)
def credentials_own_policies(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    attachments = [each for each in resources if each.resource_type in (*ATTACHMENTS, TO_MANY)]
    memberships = [each for each in resources if each.resource_type == GROUPS]
    if not attachments and not memberships:
        return
    reach = Reach.of(resources)
    has_bucket = any(each.resource_type in (*BUCKETS, *CONFIGS) for each in resources)
    for each in attachments:
        if origins(each, "policyArn", (POLICY,)):
            continue
        arn = text(each.props, "policyArn") or ""
        if has_bucket and WIDE.fullmatch(arn):
            yield each, "a policy of AWS's own that reaches every bucket is attached"
        elif (
            each.resource_type in ATTACHMENTS
            and OF_AWS.fullmatch(arn)
            and reach.has(owner_of(each, resources))
        ):
            yield each, "a policy of AWS's own is attached to the registry's credentials"
    for each in memberships:
        if reach.has(owner_of(each, resources)):
            yield each, "the registry's user is in a group"
