from collections.abc import Iterator, Sequence

from declare import Framework, Level, Resource, Settings, Severity, stack_rule

from ._documents import granting, statements
from ._identities import IDENTIFYING, judge_documents

# What the registry does on an unmanaged bucket; the operator adds a HEAD, which is ListBucket.
NEEDED = (
    "s3:ListBucket",
    "s3:GetBucketLocation",
    "s3:ListBucketMultipartUploads",
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
    # A multipart upload decrypts its own parts.
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "kms:DescribeKey",
)


@stack_rule(
    title="The registry's credentials allow what the registry does, and nothing else",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=Framework("distribution", "3", "S3 storage driver, permission scopes"),
    types=IDENTIFYING,
    why=(
        "With s3:* whoever gets these credentials deletes the bucket, opens it to everybody, or "
        "sets a rule that expires the images; with kms:* the key goes. On an unmanaged bucket "
        "neither the registry nor the operator changes any of that."
    ),
    source=(
        "distribution s3 storage driver; cluster-image-registry-operator pkg/storage/s3/s3.go, "
        "StorageExists; Amazon S3 User Guide, multipart upload and SSE-KMS"
    ),
    remedy=f"Allow no more than {', '.join(NEEDED)}.",
    settings={
        "alsoAllowed": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Actions that the registry's credentials may have besides",
        }
    },
)
def credentials_actions(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    allowed = {each.lower() for each in (*NEEDED, *settings["alsoAllowed"])}

    def check(policy: Resource) -> Iterator[tuple[Resource, str]]:
        for each in granting(statements(policy)):
            if each.words("NotAction"):
                yield policy, f"{each} allows all actions but some"
            elif not {action.lower() for action in each.words("Action")} <= allowed:
                yield policy, f"{each} allows an action that the registry does not need"

    yield from judge_documents(resources, check)
