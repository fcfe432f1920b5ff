from collections.abc import Iterator, Mapping, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import DECIDING, POLICIES, bucket_configs, bucket_parts, is_named, registry_buckets, s3
from ._documents import Condition, Statement, bucket_arn, matches, object_arn, statements
from ._keys import has_key
from ._objects import at, text

PUSH = "s3:PutObject"
# What it does besides, with no header that a policy could ask for.
OF_OBJECTS = (
    "s3:GetObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
)
OF_BUCKET = ("s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads")

HEADER = "s3:x-amz-server-side-encryption"
KEY_HEADER = f"{HEADER}-aws-kms-key-id"
ENCRYPTED = {"aws:securetransport": "true"}

# Header -> what the registry sends, None for nothing. What is absent here is not known.
Sent = Mapping[str, str | None]


@stack_rule(
    title="The bucket's policy does not refuse the registry",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=s3("Protecting data with server-side encryption, bucket policies"),
    types=(*DECIDING, *POLICIES),
    why=(
        "A common statement denies every upload that does not ask for encryption. The registry "
        "asks only if spec.storage.s3.encrypt is true, by AES256 without a keyID and by aws:kms "
        "with one: otherwise all pushes end in AccessDenied, although the bucket's default "
        "encrypts. The operator does not notice, as it writes nothing."
    ),
    source=(
        "distribution registry/storage/driver/s3-aws, getEncryptionMode; AWS IAM User Guide, "
        "condition operators"
    ),
    remedy=(
        "Take the statement out, as the bucket's default encrypts what comes without the header; "
        "or set encrypt, and keyID for aws:kms, as it demands."
    ),
)
def bucket_lets_push(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    configs = bucket_configs(resources)
    for bucket in registry_buckets(resources):
        policies = bucket_parts(resources, bucket, POLICIES)
        denying = [
            (policy, each)
            for policy in policies
            for each in statements(policy)
            if each.denies and each.is_for_everybody
        ]
        if not denying:
            continue
        name = str(text(bucket.props, "bucket"))
        for policy, each in denying:
            if any(
                _covers(each, action, bucket_arn(name), ENCRYPTED) for action in OF_BUCKET
            ) or any(_covers(each, action, object_arn(name), ENCRYPTED) for action in OF_OBJECTS):
                yield policy, f"{each} of the policy denies what the registry has to do"
            elif any(
                _covers(each, PUSH, object_arn(name), _sent(config))
                for config in configs
                if is_named(bucket, config)
            ) or _covers(each, PUSH, object_arn(name), ENCRYPTED):
                yield policy, f"{each} of the policy denies the uploads that the registry sends"


def _sent(config: Resource) -> Sent:
    if at(config.props, "spec", "storage", "s3", "encrypt") is not True:
        return {**ENCRYPTED, HEADER: None, KEY_HEADER: None}
    if has_key(config):
        return {**ENCRYPTED, HEADER: "aws:kms"}
    return {**ENCRYPTED, HEADER: "AES256", KEY_HEADER: None}


def _covers(statement: Statement, action: str, arn: str, sent: Sent) -> bool:
    return (
        statement.covers_action(action)
        and statement.covers_resource(arn)
        and all(_holds(each, sent) for each in statement.conditions)
    )


def _holds(condition: Condition, sent: Sent) -> bool:
    """Whether the condition is met; not, if that can't be known."""
    if condition.key not in sent:
        return False
    value = sent[condition.key]
    operator = condition.operator.removesuffix("ifexists")
    if operator == "null":
        return ("true" in condition.values) is (value is None)
    if operator not in ("bool", "stringequals", "stringlike", "stringnotequals", "stringnotlike"):
        return False
    negative = "not" in operator
    if value is None:
        return negative or condition.operator != operator
    return any(matches(each, value) for each in condition.values) is not negative
