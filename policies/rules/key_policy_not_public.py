from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._aws import KEY, KEY_POLICY, best_practices
from ._documents import granting, statements


@resource_rule(
    title="A key's own policy lets nobody in without a name",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=best_practices("KMS.5"),
    types=(KEY, KEY_POLICY),
    why=(
        "A statement for everybody gives the key to every account of AWS, and with the right to "
        "PutKeyPolicy or ScheduleKeyDeletion every image. kms:ViaService alone narrows nothing: "
        "everybody has an S3."
    ),
    source="AWS KMS Developer Guide, key policies, Principal; AWS Security Hub KMS.5",
    remedy=(
        "Name the principal by its ARN, or narrow the statement by kms:CallerAccount or "
        "aws:PrincipalOrgID with fixed values."
    ),
)
def key_policy_not_public(key: Resource, settings: Settings) -> Iterator[str]:
    for each in granting(statements(key)):
        if each.is_for_everybody and not each.is_narrowed:
            yield f"{each} of the policy allows everybody"
