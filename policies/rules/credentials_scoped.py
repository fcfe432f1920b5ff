import re
from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import best_practices
from ._documents import Statement, granting, statements
from ._identities import IDENTIFYING, bucket_names, judge_documents

KEY_ARN = re.compile(r"arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+")
ANY_KEY = re.compile(r"\*|arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key/\*")
OF_A_BUCKET = re.compile(r"arn:[a-z-]+:s3:::([^*?/]+)(?:/.*)?")
ALIASES = "kms:resourcealiases"


@stack_rule(
    title="The registry's credentials open its own bucket and key",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=best_practices("IAM.21"),
    types=IDENTIFYING,
    why=(
        "These credentials lie in a namespace of the cluster and in every pod of the registry. On "
        "a wildcard they open the other buckets and keys of the account: backups, the images of "
        "other clusters. Nothing that the registry does needs one: it lists no buckets."
    ),
    source=(
        "distribution s3 storage driver, permission scopes; AWS KMS Developer Guide, "
        "kms:ResourceAliases"
    ),
    remedy=(
        "Name the bucket's ARN and the same with /* in Resource, and the key's ARN. A preview "
        "knows no new key's ARN: arn:aws:kms:REGION:ACCOUNT:key/* with the condition "
        'ForAnyValue:StringEquals {"kms:ResourceAliases": "alias/NAME"} is as narrow.'
    ),
)
def credentials_scoped(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    def check(policy: Resource) -> Iterator[tuple[Resource, str]]:
        names = bucket_names(resources)
        for each in granting(statements(policy)):
            if not _is_scoped(each, names):
                yield policy, f"{each} allows more than the registry's bucket and key"

    yield from judge_documents(resources, check)


def _is_scoped(statement: Statement, names: set[str]) -> bool:
    wanted = statement.words("Resource")
    return bool(wanted) and all(_is_of(each, names) or _is_key(each, statement) for each in wanted)


def _is_of(arn: str, names: set[str]) -> bool:
    """A bucket whose name nobody in the stack knows may be the registry's."""
    found = OF_A_BUCKET.fullmatch(arn)
    return bool(found) and (not names or found[1] in names)


def _is_key(arn: str, statement: Statement) -> bool:
    if KEY_ARN.fullmatch(arn):
        return True
    return bool(ANY_KEY.fullmatch(arn)) and _is_of_an_alias(statement)


def _is_of_an_alias(statement: Statement) -> bool:
    """Whether it is about keys alone, and about those of named aliases."""
    return all(each.lower().startswith("kms:") for each in statement.words("Action")) and any(
        each.key == ALIASES
        and re.fullmatch("(foranyvalue:)?string(equals|like)", each.operator)
        and each.values
        and not any("*" in alias or "?" in alias for alias in each.values)
        for each in statement.conditions
    )
