"""The policy pack on a registry's storage, by the real engine and SDK: what is wanted is clean."""

import pytest

from lab.paths import ROOT
from tests.lab.clouds.programs import registry
from tests.lab.clouds.stack import Stack

pytestmark = pytest.mark.lab

PACK = ("--policy-pack", str(ROOT / "policies"))

WANTED = """
    NAME, ACCOUNT, ALIAS = "registry-clean", "123456789012", "alias/registry-clean"
    kept = pulumi.ResourceOptions(protect=True)
    document = lambda *statements: json.dumps({"Version": "2012-10-17", "Statement": statements})

    key = aws.kms.Key(
        "key",
        enable_key_rotation=True,
        policy=document(
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ),
        opts=kept,
    )
    aws.kms.Alias("alias", name=ALIAS, target_key_id=key.key_id)
    bucket = aws.s3.Bucket("bucket", bucket=NAME, opts=kept)
    aws.s3.BucketPublicAccessBlock(
        "public",
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    aws.s3.BucketOwnershipControls(
        "owner", bucket=bucket.id, rule={"object_ownership": "BucketOwnerEnforced"}
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        "encryption",
        bucket=bucket.id,
        rules=[
            {
                "apply_server_side_encryption_by_default": {
                    "sse_algorithm": "aws:kms",
                    "kms_master_key_id": key.arn,
                },
                "bucket_key_enabled": True,
            }
        ],
    )
    aws.s3.BucketLifecycleConfiguration(
        "uploads",
        bucket=bucket.id,
        rules=[
            {
                "id": "abandoned-uploads",
                "status": "Enabled",
                "filter": {},
                "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
            }
        ],
    )
    ARNS = [f"arn:aws:s3:::{NAME}", f"arn:aws:s3:::{NAME}/*"]
    aws.s3.BucketPolicy(
        "tls",
        bucket=bucket.id,
        policy=document(
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": ARNS,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ),
    )
    user = aws.iam.User("user", name=NAME)
    aws.iam.UserPolicy(
        "rights",
        user=user.name,
        policy=document(
            {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ARNS[0]},
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                "Resource": ARNS[1],
            },
            {
                "Effect": "Allow",
                "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                "Resource": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*",
                "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": ALIAS}},
            },
        ),
    )
    aws.iam.AccessKey("access", user=user.name)
"""


def test_storage_as_wanted_is_clean_before_and_after_it_is_made(stack: Stack) -> None:
    stack.write(WANTED)
    for ran in (stack.preview(*PACK), stack.up(*PACK), stack.preview(*PACK)):
        assert "✅ openshift-registry" in ran.ok().output, ran.output
        assert "[mandatory]" not in ran.output and "[advisory]" not in ran.output, ran.output


def test_what_is_wrong_is_said_before_any_of_it_is_made(stack: Stack) -> None:
    stack.write(registry("registry-judged", days=3))
    said = stack.preview(*PACK)
    said.refused(
        "bucket: the bucket is not protected",
        "key: the key is not protected",
        "key: deletionWindowInDays is less than 14",
        "uploads: no enabled rule without a filter ends uploads after 1 days or less",
    )
    # The documents are made of ARNs that no preview knows: that is said, and no verdict given.
    for policy in ("bucket-tls-only", "credentials-scoped", "credentials-actions"):
        assert f"can't run policy '{policy}'" in said.output
    assert "for the objects" not in said.output
