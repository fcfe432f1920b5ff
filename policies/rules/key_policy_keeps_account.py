import re
from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._aws import KEY, KEY_POLICY
from ._documents import Statement, granting, statements
from ._objects import at

# The account by its root user's ARN, or by its number, which is the same to KMS.
ACCOUNT = re.compile(r"arn:[a-z-]+:iam::\d{12}:root|\d{12}")


@resource_rule(
    title="A key's own policy leaves the key to its account",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=Framework("AWS KMS Developer Guide", "2014-11-01", "Default key policy"),
    types=(KEY, KEY_POLICY),
    why=(
        "A key obeys its own policy before IAM's: without a statement for the account, nobody it "
        "does not name can use the key, change the policy or delete it, administrators included. "
        "When those it names are gone, a new user of the registry for one, every image is lost."
    ),
    source="AWS KMS Developer Guide, default key policy, and allowing access to the account",
    remedy=(
        "Keep the default statement: Effect Allow, Principal AWS arn:aws:iam::ACCOUNT:root, "
        "Action kms:*, Resource *, no condition. Leave bypassPolicyLockoutSafetyCheck out."
    ),
)
def key_policy_keeps_account(key: Resource, settings: Settings) -> Iterator[str]:
    if at(key.props, "bypassPolicyLockoutSafetyCheck"):
        yield "bypassPolicyLockoutSafetyCheck is set"
    if at(key.props, "policy") is None:
        return  # KMS writes the default one.
    if not any(_keeps_account(each) for each in granting(statements(key))):
        yield "no statement of the policy leaves all of the key to the account"


def _keeps_account(statement: Statement) -> bool:
    return (
        any(each in ("*", "kms:*") for each in statement.words("Action"))
        and any(ACCOUNT.fullmatch(each) for each in statement.principals.get("AWS", []))
        and not statement.conditions
    )
