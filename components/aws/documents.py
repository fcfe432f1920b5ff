"""Policy documents. They are made of names that a preview knows, so that it can judge them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from components.aws.names import Names
from settings.names import NAMESPACE

Statement = Mapping[str, Any]

OF_BUCKET = ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads")
OF_OBJECTS = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
)
"""What a registry asks of S3 (distribution docs, storage-drivers/s3, "S3 permission scopes"); the
operator asks less of a bucket that is Unmanaged (s3:ListBucket, by HeadBucket)."""
OF_KEY = ("kms:Decrypt", "kms:GenerateDataKey")
"""What S3 needs of a key to write and read objects, uploads in parts included."""

SERVICE_ACCOUNTS = ("cluster-image-registry-operator", "registry")
AUDIENCE = "openshift"


def document(statements: Iterable[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def bucket_policy(names: Names, bucket: str, kms: bool, key: str | None) -> str:
    """Nobody comes without TLS. With `kms` nobody writes an object that is encrypted otherwise, and
    with `key` (its ARN) none with another key; who asks for nothing gets what the bucket has by
    default, as the later parts of an upload must."""
    arn = names.bucket(bucket)
    only_tls = {"Bool": {"aws:SecureTransport": "false"}}
    statements = [_deny("OnlyOverTLS", "s3:*", [arn, f"{arn}/*"], only_tls)]
    named = {
        "OnlyWithKMS": ("s3:x-amz-server-side-encryption", "aws:kms" if kms else None),
        "OnlyWithThisKey": ("s3:x-amz-server-side-encryption-aws-kms-key-id", key),
    }
    for name, (header, value) in named.items():
        if value is not None:
            # A negated operator holds for what is not there: that is what Null takes out.
            other = {"Null": {header: "false"}, "StringNotEquals": {header: value}}
            statements.append(_deny(name, "s3:PutObject", f"{arn}/*", other))
    return document(statements)


def _deny(
    name: str, action: str, resource: str | list[str], condition: Mapping[str, Any]
) -> Statement:
    return {
        "Sid": name,
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": condition,
    }


def key_policy(names: Names, principal: str | None) -> str:
    """The account keeps the key in its hands; `principal` (an ARN) may use it, through S3 only.
    `Resource: "*"` is the key itself (KMS developer guide, key policies)."""
    statements: list[Statement] = [
        {
            "Sid": "Account",
            "Effect": "Allow",
            "Principal": {"AWS": names.root},
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    if principal is not None:
        statements.append(
            {
                "Sid": "Registry",
                "Effect": "Allow",
                "Principal": {"AWS": principal},
                "Action": list(OF_KEY),
                "Resource": "*",
                "Condition": _through_s3(names),
            }
        )
    return document(statements)


def registry_policy(names: Names, bucket: str, key: str | None) -> str:
    """What the registry and its operator need of this bucket, and of `key` (ARN, ID or alias)
    unless the key's own policy says it."""
    arn = names.bucket(bucket)
    statements: list[Statement] = [
        {"Sid": "Bucket", "Effect": "Allow", "Action": list(OF_BUCKET), "Resource": arn},
        {"Sid": "Objects", "Effect": "Allow", "Action": list(OF_OBJECTS), "Resource": f"{arn}/*"},
    ]
    if key is not None:
        resource, alias = names.key(key)
        condition = _through_s3(names)
        if alias:
            condition["ForAnyValue:StringEquals"] = {"kms:ResourceAliases": alias}
        statements.append(
            {
                "Sid": "Key",
                "Effect": "Allow",
                "Action": list(OF_KEY),
                "Resource": resource,
                "Condition": condition,
            }
        )
    return document(statements)


def _through_s3(names: Names) -> dict[str, Any]:
    return {"StringEquals": {"kms:ViaService": f"s3.{names.region}.{names.suffix}"}}


def trust_policy(provider: str) -> str:
    """Only the operator and the registry of this cluster take the role on. `provider` is the ARN
    of the provider of the cluster's identities."""
    issuer = provider.partition(":oidc-provider/")[2]
    accounts = [f"system:serviceaccount:{NAMESPACE}:{each}" for each in SERVICE_ACCOUNTS]
    condition = {f"{issuer}:aud": AUDIENCE, f"{issuer}:sub": accounts}
    return document(
        [
            {
                "Effect": "Allow",
                "Principal": {"Federated": provider},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": condition},
            }
        ]
    )
