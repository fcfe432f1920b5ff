from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import DECIDING, POLICIES, best_practices, bucket_parts, registry_buckets
from ._documents import Condition, Statement, bucket_arn, object_arn, statements
from ._objects import text

PLAIN_HTTP = [
    Condition(operator, "aws:securetransport", ("false",)) for operator in ("bool", "boolifexists")
]


@stack_rule(
    title="The registry's bucket refuses plain HTTP",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=best_practices("S3.5"),
    types=(*DECIDING, *POLICIES),
    why=(
        "S3 answers on plain HTTP too. Only a policy of the bucket refuses it, to everybody, for "
        "the bucket itself and for what is in it: one that names the objects alone still lists "
        "the images of all projects in clear."
    ),
    source="Amazon S3 User Guide, security best practices, enforce encryption of data in transit",
    remedy=(
        "Give the bucket a BucketPolicy with a statement: Effect Deny, Principal *, Action s3:*, "
        "Resource the bucket's ARN and the same with /*, and the single condition "
        'Bool {"aws:SecureTransport": "false"}.'
    ),
)
def bucket_tls_only(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for bucket in registry_buckets(resources):
        policies = bucket_parts(resources, bucket, POLICIES)
        if not policies:
            yield bucket, "no BucketPolicy is for the bucket"
        for policy in policies:
            denying = [each for each in statements(policy) if _denies_plain_http(each)]
            name = text(bucket.props, "bucket") if denying else None
            if not any(each.covers_resource(bucket_arn(str(name))) for each in denying):
                yield policy, "no statement denies plain HTTP to everybody for the bucket"
            if not any(each.covers_resource(object_arn(str(name))) for each in denying):
                yield policy, "no statement denies plain HTTP to everybody for the objects"


def _denies_plain_http(statement: Statement) -> bool:
    return (
        statement.denies
        and statement.is_for_everybody
        and any(each in ("*", "s3:*") for each in statement.words("Action"))
        and len(statement.conditions) == 1
        and statement.conditions[0] in PLAIN_HTTP
    )
