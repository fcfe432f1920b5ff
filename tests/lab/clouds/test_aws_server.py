"""The lab's AWS is never more forgiving than AWS: each rule, asked with boto3."""

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from lab.clouds.aws.service import AwsService

pytestmark = pytest.mark.slow

ALL_BLOCKED = dict.fromkeys(
    ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
)


def refused(code: str, call: Callable[..., Any], /, **arguments: Any) -> str:
    """The message of a refusal with this code; anything else fails the test."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response["Error"]
    assert answer["Code"] == code, answer
    return answer["Message"]


@pytest.fixture
def s3(client: Callable[..., Any]) -> Any:
    return client("s3")


@pytest.fixture
def bucket(s3: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"t-{abs(hash(request.node.name)) % 10**9}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield name
    s3.delete_bucket_policy(Bucket=name)
    for each in s3.list_objects_v2(Bucket=name).get("Contents", []):
        s3.delete_object(Bucket=name, Key=each["Key"])
    s3.delete_bucket(Bucket=name)


def policy(bucket: str, **statement: Any) -> str:
    given = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        **statement,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [given]})


def test_who_says_nothing_keeps_nobody_waiting(aws: AwsService) -> None:
    address = urlsplit(aws.https)
    with socket.create_connection((address.hostname, address.port)):
        aws.client("s3").list_buckets()


def test_a_new_bucket_is_what_an_account_of_today_makes(s3: Any, bucket: str) -> None:
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert block == ALL_BLOCKED
    owner = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert owner == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_a_bucket_is_made_with_its_tags(s3: Any) -> None:
    tags = [{"Key": "team", "Value": "platform"}, {"Key": "empty", "Value": ""}]
    made = {"LocationConstraint": "eu-west-1", "Tags": tags}
    s3.create_bucket(Bucket="made-with-tags", CreateBucketConfiguration=made)
    found = s3.get_bucket_tagging(Bucket="made-with-tags")["TagSet"]
    assert sorted(found, key=lambda each: each["Key"], reverse=True) == tags


def test_encryption_that_is_deleted_is_the_default_again(s3: Any, bucket: str) -> None:
    kms = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [kms]})
    s3.delete_bucket_encryption(Bucket=bucket)
    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


@pytest.mark.parametrize(
    "name",
    [
        "Registry",
        "under_score",
        "two..dots",
        "-first",
        "192.168.5.4",
        "xn--registry",
        "registry-s3alias",
        "ab",
        "a" * 64,
    ],
)
def test_bucket_names(s3: Any, name: str) -> None:
    from botocore.exceptions import ParamValidationError

    place = {"LocationConstraint": "eu-west-1"}
    with pytest.raises((ClientError, ParamValidationError)) as caught:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
    assert "InvalidBucketName" in str(caught.value) or "Invalid bucket name" in str(caught.value)


def rule(**fields: Any) -> dict[str, Any]:
    abort = {"DaysAfterInitiation": 1}
    given = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}}
    return {**given, "AbortIncompleteMultipartUpload": abort, **fields}


NO_DAYS = {"DaysAfterInitiation": 0}
NO_ACTION = {key: value for key, value in rule().items() if not key.startswith("Abort")}
NO_FILTER = {key: value for key, value in rule().items() if key != "Filter"}


@pytest.mark.parametrize(
    ("rules", "code", "says"),
    [
        ([rule(AbortIncompleteMultipartUpload=NO_DAYS)], "InvalidArgument", "positive"),
        ([rule(Expiration={"Days": 0})], "InvalidArgument", "positive"),
        ([rule(NoncurrentVersionExpiration={"NoncurrentDays": 0})], "InvalidArgument", "positive"),
        ([rule(Status="On")], "MalformedXML", ""),
        ([NO_FILTER], "MalformedXML", ""),
        ([NO_ACTION], "InvalidRequest", "At least one action"),
        ([rule(ID="x" * 256)], "InvalidArgument", "255"),
        ([rule(), rule(Filter={"Prefix": "docker/"})], "InvalidArgument", "unique"),
        ([rule(), rule(ID="b", Filter={"Prefix": "docker/"})], "InvalidRequest", "overlapping"),
        ([rule(Filter={"Tag": {"Key": "a", "Value": "b"}})], "InvalidRequest", "with Tags"),
    ],
)  # fmt: skip
def test_lifecycle_rules(
    s3: Any, bucket: str, rules: list[dict[str, Any]], code: str, says: str
) -> None:
    put = s3.put_bucket_lifecycle_configuration
    assert says in refused(code, put, Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    refused("NoSuchLifecycleConfiguration", s3.get_bucket_lifecycle_configuration, Bucket=bucket)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ({"Effect": "No"}, "Invalid effect"),
        ({"Resource": "arn:aws:s3:::another/*"}, "invalid resource"),
        ({"Resource": "*"}, "invalid resource"),
        ({"Action": "kms:Decrypt"}, "invalid action"),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::{bucket}"}, "does not apply"),
        ({"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::{bucket}/*"}, "does not apply"),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:user/nobody"}}, "Invalid principal"),
        ({"Principal": None}, "Invalid policy syntax"),
        ({"Condition": {"Boolean": {"aws:SecureTransport": "false"}}}, "Invalid Condition type"),
        ({"Conditions": {}}, "Unknown field Conditions"),
    ],
)
def test_bucket_policies_that_are_malformed(
    s3: Any, bucket: str, statement: dict[str, Any], says: str
) -> None:
    text = policy(bucket, **statement).replace("{bucket}", bucket)
    assert says in refused("MalformedPolicy", s3.put_bucket_policy, Bucket=bucket, Policy=text)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"Version": "2020", "Statement": []}'])
def test_bucket_policies_that_are_none(s3: Any, bucket: str, text: str) -> None:
    refused("MalformedPolicy", s3.put_bucket_policy, Bucket=bucket, Policy=text)


def test_a_policy_is_not_larger_than_20_kilobytes(s3: Any, bucket: str) -> None:
    text = policy(bucket, Sid="x" * 21000)
    assert "20480" in refused("MalformedPolicy", s3.put_bucket_policy, Bucket=bucket, Policy=text)


@pytest.mark.parametrize(
    "condition", [None, {"StringNotEquals": {"aws:PrincipalAccount": "123456789012"}}]
)
def test_a_public_policy_is_refused_while_public_access_is_blocked(
    s3: Any, bucket: str, condition: Any
) -> None:
    public = policy(bucket, Effect="Allow", **({"Condition": condition} if condition else {}))
    said = refused("AccessDenied", s3.put_bucket_policy, Bucket=bucket, Policy=public)
    assert "BlockPublicPolicy" in said
    own = {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(bucket, Effect="Allow", Condition=own))
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=public)


def test_plain_http_is_refused_where_the_policy_denies_it(
    client: Callable[..., Any], s3: Any, bucket: str
) -> None:
    http = client("s3", plain=True)
    http.put_object(Bucket=bucket, Key="before", Body=b"x")
    deny = policy(bucket, Condition={"Bool": {"aws:SecureTransport": "false"}})
    s3.put_bucket_policy(Bucket=bucket, Policy=deny)
    for call, more in (
        (http.put_object, {"Key": "after", "Body": b"x"}),
        (http.get_object, {"Key": "before"}),
        (http.list_objects_v2, {}),
        (http.delete_object, {"Key": "before"}),
    ):
        assert "explicit deny" in refused("AccessDenied", call, Bucket=bucket, **more)
    s3.put_object(Bucket=bucket, Key="after", Body=b"x")
    assert s3.get_object(Bucket=bucket, Key="before")["Body"].read() == b"x"
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 2


def test_objects_without_the_encryption_that_the_policy_demands(
    client: Callable[..., Any], s3: Any, bucket: str
) -> None:
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    where = f"arn:aws:s3:::{bucket}/*"
    demand = {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}
    deny = policy(bucket, Action="s3:PutObject", Resource=where, Condition=demand)
    s3.put_bucket_policy(Bucket=bucket, Policy=deny)
    put = s3.put_object
    refused("AccessDenied", put, Bucket=bucket, Key="a", Body=b"x")
    refused("AccessDenied", put, Bucket=bucket, Key="a", Body=b"x", ServerSideEncryption="AES256")
    put(Bucket=bucket, Key="a", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)

    null = {"Null": {"s3:x-amz-server-side-encryption": "true"}}
    deny = policy(bucket, Action="s3:PutObject", Resource=where, Condition=null)
    s3.put_bucket_policy(Bucket=bucket, Policy=deny)
    refused("AccessDenied", put, Bucket=bucket, Key="a", Body=b"x")
    put(Bucket=bucket, Key="a", Body=b"x", ServerSideEncryption="AES256")


def test_a_deny_that_cannot_be_judged_denies(s3: Any, bucket: str) -> None:
    clause = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    s3.put_bucket_policy(
        Bucket=bucket, Policy=policy(bucket, Action="s3:PutObject", Condition=clause,
                                     Resource=f"arn:aws:s3:::{bucket}/*")
    )  # fmt: skip
    refused("AccessDenied", s3.put_object, Bucket=bucket, Key="a", Body=b"x")


def test_a_key_that_encrypts_has_to_be_there_and_enabled(
    client: Callable[..., Any], s3: Any, bucket: str
) -> None:
    kms = client("kms")
    key = kms.create_key()["KeyMetadata"]
    put = {"Bucket": bucket, "Key": "a", "Body": b"x", "ServerSideEncryption": "aws:kms"}
    s3.put_object(**put, SSEKMSKeyId=key["Arn"])
    absent = key["Arn"].rpartition("/")[0] + "/00000000-0000-0000-0000-000000000000"
    assert absent in refused("KMS.NotFoundException", s3.put_object, **put, SSEKMSKeyId=absent)
    elsewhere = client("kms", region="us-east-1").create_key()["KeyMetadata"]["Arn"]
    refused("KMS.NotFoundException", s3.put_object, **put, SSEKMSKeyId=elsewhere)
    plain = client("s3", plain=True)
    refused("InvalidArgument", plain.put_object, **put, SSEKMSKeyId=key["Arn"])
    kms.disable_key(KeyId=key["KeyId"])
    refused("KMS.DisabledException", s3.put_object, **put, SSEKMSKeyId=key["Arn"])
    refused("KMS.DisabledException", s3.get_object, Bucket=bucket, Key="a")
    kms.schedule_key_deletion(KeyId=key["Arn"], PendingWindowInDays=7)
    refused("KMS.KMSInvalidStateException", s3.put_object, **put, SSEKMSKeyId=key["Arn"])


def test_the_default_key_of_a_bucket_is_looked_at_when_objects_come(s3: Any, bucket: str) -> None:
    absent = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": absent}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)
    refused("KMS.NotFoundException", s3.put_object, Bucket=bucket, Key="a", Body=b"x")
    refused("KMS.NotFoundException", s3.create_multipart_upload, Bucket=bucket, Key="a")


def test_a_key_goes_with_a_kms_algorithm_only(s3: Any, bucket: str) -> None:
    default = {"SSEAlgorithm": "AES256", "KMSMasterKeyID": "alias/a"}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    put = s3.put_bucket_encryption
    refused("InvalidArgument", put, Bucket=bucket, ServerSideEncryptionConfiguration=rules)
    default = {"SSEAlgorithm": "rot13"}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    refused("MalformedXML", put, Bucket=bucket, ServerSideEncryptionConfiguration=rules)


def test_acls_are_not_supported_where_the_owner_is_enforced(s3: Any, bucket: str) -> None:
    refused("AccessControlListNotSupported", s3.put_bucket_acl, Bucket=bucket, ACL="private")
    put = {"Bucket": bucket, "Key": "a", "Body": b"x"}
    refused("AccessControlListNotSupported", s3.put_object, **put, ACL="public-read")
    s3.put_object(**put, ACL="bucket-owner-full-control")


def test_ownership_is_one_of_three(s3: Any, bucket: str) -> None:
    rules = {"Rules": [{"ObjectOwnership": "Mine"}]}
    put = s3.put_bucket_ownership_controls
    refused("MalformedXML", put, Bucket=bucket, OwnershipControls=rules)


def test_a_bucket_with_objects_stays(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    refused("BucketNotEmpty", s3.delete_bucket, Bucket=bucket)


def test_a_bucket_is_addressed_in_its_region(client: Callable[..., Any], bucket: str) -> None:
    other = client("s3", region="us-east-1")
    other.meta.events.register("before-call.s3", stay)
    said = refused("PermanentRedirect", other.get_bucket_policy, Bucket=bucket)
    assert "eu-west-1" in said


def stay(params: dict[str, Any], **_: Any) -> None:
    """Keep boto3 from following by itself."""
    params["context"]["s3_redirect"]["redirected"] = True


TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def test_users_and_roles(client: Callable[..., Any]) -> None:
    iam = client("iam")
    refused("ValidationError", iam.create_user, UserName="a b")
    iam.create_user(UserName="someone")
    refused("EntityAlreadyExists", iam.create_user, UserName="someone")
    key = iam.create_access_key(UserName="someone")["AccessKey"]["AccessKeyId"]
    assert "access keys" in refused("DeleteConflict", iam.delete_user, UserName="someone")
    iam.create_access_key(UserName="someone")
    refused("LimitExceeded", iam.create_access_key, UserName="someone")
    for each in iam.list_access_keys(UserName="someone")["AccessKeyMetadata"]:
        iam.delete_access_key(UserName="someone", AccessKeyId=each["AccessKeyId"])
    assert key
    put = iam.put_user_policy
    wrong = {"UserName": "someone", "PolicyName": "p"}
    refused("MalformedPolicyDocument", put, **wrong, PolicyDocument='{"Statement": []}')
    statement = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": ["arn:aws:s3:::x/" + "y" * 2048],
    }
    long = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    refused("LimitExceeded", put, **wrong, PolicyDocument=long)
    iam.delete_user(UserName="someone")

    create = iam.create_role
    refused("ValidationError", create, RoleName="a/b", AssumeRolePolicyDocument=json.dumps(TRUST))
    refused("MalformedPolicyDocument", create, RoleName="a", AssumeRolePolicyDocument="{}")


def test_a_key_waits_seven_to_thirty_days_for_its_end(client: Callable[..., Any]) -> None:
    kms = client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    schedule = kms.schedule_key_deletion
    refused("ValidationException", schedule, KeyId=key, PendingWindowInDays=6)
    refused("ValidationException", schedule, KeyId=key, PendingWindowInDays=31)


def test_a_key_policy_keeps_the_key_in_hand(client: Callable[..., Any]) -> None:
    kms = client("kms")
    root = {"AWS": "arn:aws:iam::123456789012:root"}
    statement = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
    good = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    key = kms.create_key(Policy=good)["KeyMetadata"]["KeyId"]
    other = {**statement, "Action": "kms:Decrypt"}
    locked = json.dumps({"Version": "2012-10-17", "Statement": [other]})
    code, put = "MalformedPolicyDocumentException", kms.put_key_policy
    assert "in the future" in refused(code, kms.create_key, Policy=locked)
    assert "in the future" in refused(code, put, KeyId=key, PolicyName="default", Policy=locked)
    assert "malformed" in refused(code, kms.create_key, Policy="{")
