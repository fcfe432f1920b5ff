"""docs/how-to/aws-permissions.md allows what components/aws declares and asks, and no more."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch

import pytest

from settings.schema import ROOT
from tests.docs.sdk_parts import declared

PAGE = ROOT / "docs" / "how-to" / "aws-permissions.md"
COMPONENTS = sorted((ROOT / "components" / "aws").glob("*.py"))

BUCKET = """
s3:CreateBucket s3:GetAccelerateConfiguration s3:GetBucketAcl s3:GetBucketCORS s3:GetBucketLogging
s3:GetBucketObjectLockConfiguration s3:GetBucketPolicy s3:GetBucketRequestPayment
s3:GetBucketTagging s3:GetBucketVersioning s3:GetBucketWebsite s3:GetEncryptionConfiguration
s3:GetLifecycleConfiguration s3:GetReplicationConfiguration s3:ListBucket s3:ListTagsForResource
s3:PutBucketTagging s3:TagResource s3:UntagResource
"""
"""terraform-provider-aws internal/service/s3/bucket.go. Tags go by S3 Control's interface, and by
S3's own without the right to it (its pull request 45251)."""

KEY = """
kms:CreateKey kms:DescribeKey kms:EnableKeyRotation kms:GetKeyPolicy kms:GetKeyRotationStatus
kms:ListResourceTags kms:PutKeyPolicy kms:TagResource kms:UntagResource
"""
USER = """
iam:CreateUser iam:GetUser iam:TagUser iam:UntagUser
iam:PutUserPermissionsBoundary iam:DeleteUserPermissionsBoundary
"""
ROLE = """
iam:CreateRole iam:GetRole iam:ListAttachedRolePolicies iam:ListRolePolicies iam:TagRole
iam:UntagRole iam:UpdateAssumeRolePolicy iam:GetRolePolicy
iam:PutRolePermissionsBoundary iam:DeleteRolePermissionsBoundary
"""

NEEDS = {
    "s3.Bucket": BUCKET,
    "s3.BucketLifecycleConfiguration": "s3:GetLifecycleConfiguration s3:PutLifecycleConfiguration",
    "s3.BucketLogging": "s3:GetBucketLogging s3:PutBucketLogging",
    "s3.BucketOwnershipControls": "s3:GetBucketOwnershipControls s3:PutBucketOwnershipControls",
    "s3.BucketPolicy": "s3:GetBucketPolicy s3:PutBucketPolicy",
    "s3.BucketPublicAccessBlock": "s3:GetBucketPublicAccessBlock s3:PutBucketPublicAccessBlock",
    "s3.BucketServerSideEncryptionConfiguration": "s3:GetEncryptionConfiguration "
    "s3:PutEncryptionConfiguration",
    "s3.BucketVersioning": "s3:GetBucketVersioning s3:PutBucketVersioning",
    "kms.Key": KEY,
    "kms.Alias": "kms:CreateAlias kms:ListAliases kms:UpdateAlias",
    "iam.User": USER,
    "iam.UserPolicy": "iam:GetUserPolicy iam:PutUserPolicy",
    "iam.AccessKey": "iam:CreateAccessKey iam:DeleteAccessKey iam:ListAccessKeys",
    "iam.Role": ROLE,
    "iam.RolePolicy": "iam:GetRolePolicy iam:PutRolePolicy",
    "s3.get_bucket": "s3:ListBucket",
    "s3.get_bucket_policy": "s3:GetBucketPolicy",
    "resourcegroupstaggingapi.get_resources": "tag:GetResources",
    "iam.get_user": "iam:GetUser",
    "iam.get_role": "iam:GetRole",
    "iam.get_access_keys": "iam:ListAccessKeys",
    "kms.get_alias": "kms:DescribeKey kms:ListAliases",
    "kms.get_key": "kms:DescribeKey",
}
"""What AWS's plugin calls, for each resource to make, read and change it (to delete it, for the one
that may be), and for each function: terraform-provider-aws internal/service/*."""

BESIDES = {
    "s3:GetBucketLocation": "the command that an error advises",
    "iam:ListUserTags": "older releases of the plugin",
    "iam:ListRoleTags": "older releases of the plugin",
}
"""What the page allows and the table has not."""

DANGEROUS = """
s3:DeleteBucket* s3:*Object s3:*ObjectVersion s3:PutBucketAcl kms:Schedule* kms:Disable*
kms:Decrypt kms:GenerateDataKey iam:DeleteUser iam:DeleteRole iam:PassRole iam:Attach* *:\\*
"""
"""With none of these can images be lost, read or changed."""


def policies() -> list[dict]:
    return [json.loads(each) for each in re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.S)]


def statements() -> Iterator[dict]:
    for each in policies():
        yield from each["Statement"]


def actions(statement: dict) -> list[str]:
    found = statement["Action"]
    return [found] if isinstance(found, str) else found


ALLOWED = {each for statement in statements() for each in actions(statement)}


def test_the_table_is_of_what_the_components_use() -> None:
    assert declared("pulumi_aws", COMPONENTS) == NEEDS.keys()


@pytest.mark.parametrize("what", NEEDS)
def test_all_that_is_called_is_allowed(what: str) -> None:
    assert [each for each in NEEDS[what].split() if each not in ALLOWED] == []


def test_nothing_else_is_allowed() -> None:
    called = {each for text in NEEDS.values() for each in text.split()}
    assert ALLOWED - called == BESIDES.keys()


def test_images_are_safe_from_it() -> None:
    patterns = [each.replace("\\*", "[*]") for each in DANGEROUS.split()]
    assert [each for each in ALLOWED if any(fnmatch(each, one) for one in patterns)] == []
    assert any(fnmatch("s3:DeleteBucketPolicy", one) for one in patterns)


def test_each_policy_is_one_that_aws_takes() -> None:
    assert len(policies()) == 6
    for policy in policies():
        assert policy.keys() == {"Version", "Statement"}
        assert policy["Version"] == "2012-10-17"
    found = list(statements())
    sids = [each["Sid"] for each in found]
    assert len(set(sids)) == len(sids), "put together they would be refused"
    for each in found:
        assert each.keys() - {"Condition"} == {"Sid", "Effect", "Action", "Resource"}
        assert each["Effect"] == "Allow" and each["Sid"].isalnum()
        assert all(re.fullmatch(r"(s3|kms|iam|tag):[A-Z][A-Za-z]+", one) for one in actions(each))


def test_what_has_a_name_is_allowed_by_its_name() -> None:
    unnamed = {one for each in statements() if each["Resource"] == "*" for one in actions(each)}
    assert unnamed == {"tag:GetResources", "kms:CreateKey", "kms:ListAliases", "kms:TagResource"}
