"""Programs for the tests."""

REGISTRY = """
    NAME = "{name}"
    key = aws.kms.Key(
        "key",
        description="the registry's",
        enable_key_rotation=True,
        deletion_window_in_days=7,
        tags={{"cluster": "lab"}},
    )
    aws.kms.Alias("alias", name=f"alias/{{NAME}}", target_key_id=key.key_id)
    bucket = aws.s3.Bucket("bucket", bucket=NAME, tags={{"cluster": "lab"}})
    aws.s3.BucketPublicAccessBlock(
        "public",
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    aws.s3.BucketOwnershipControls(
        "owner", bucket=bucket.id, rule={{"object_ownership": "BucketOwnerEnforced"}}
    )
    aws.s3.BucketVersioning(
        "versions", bucket=bucket.id, versioning_configuration={{"status": "Suspended"}}
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        "encryption",
        bucket=bucket.id,
        rules=[
            {{
                "apply_server_side_encryption_by_default": {{
                    "sse_algorithm": "aws:kms",
                    "kms_master_key_id": key.arn,
                }},
                "bucket_key_enabled": True,
            }}
        ],
    )
    aws.s3.BucketLifecycleConfiguration(
        "uploads",
        bucket=bucket.id,
        rules=[
            {{
                "id": "abandoned-uploads",
                "status": "Enabled",
                "filter": {{}},
                "abort_incomplete_multipart_upload": {{"days_after_initiation": {days}}},
            }}
        ],
    )
    aws.s3.BucketPolicy(
        "tls",
        bucket=bucket.id,
        policy=bucket.arn.apply(
            lambda arn: json.dumps(
                {{
                    "Version": "2012-10-17",
                    "Statement": [
                        {{
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "s3:*",
                            "Resource": [arn, f"{{arn}}/*"],
                            "Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}},
                        }}
                    ],
                }}
            )
        ),
    )
    user = aws.iam.User("user", name=NAME)
    aws.iam.UserPolicy(
        "rights",
        name="registry",
        user=user.name,
        policy=pulumi.Output.json_dumps(
            {{
                "Version": "2012-10-17",
                "Statement": [
                    {{
                        "Effect": "Allow",
                        "Action": [
                            "s3:ListBucket",
                            "s3:GetBucketLocation",
                            "s3:ListBucketMultipartUploads",
                        ],
                        "Resource": bucket.arn,
                    }},
                    {{
                        "Effect": "Allow",
                        "Action": [
                            "s3:PutObject",
                            "s3:GetObject",
                            "s3:DeleteObject",
                            "s3:ListMultipartUploadParts",
                            "s3:AbortMultipartUpload",
                        ],
                        "Resource": pulumi.Output.concat(bucket.arn, "/*"),
                    }},
                    {{
                        "Effect": "Allow",
                        "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
                        "Resource": key.arn,
                    }},
                ],
            }}
        ),
    )
    access = aws.iam.AccessKey("access", user=user.name)
    pulumi.export("id", access.id)
    pulumi.export("secret", access.secret)
    pulumi.export("key", key.arn)
    pulumi.export("account", aws.get_caller_identity().account_id)
    pulumi.export("region", aws.get_region().region)
    pulumi.export("partition", aws.get_partition().partition)
"""


def registry(name: str, days: int = 1) -> str:
    """All that a registry on S3 needs."""
    return REGISTRY.format(name=name, days=days)
