"""A registry's storage on the lab's AWS, by the real engine and SDK."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.lab.clouds.programs import registry
from tests.lab.clouds.stack import Stack

pytestmark = pytest.mark.lab

Clients = Callable[..., Any]


def test_made_kept_changed_and_repaired(stack: Stack, client: Clients) -> None:
    name = "registry-kept"
    planned = stack.write(registry(name)).preview().ok()
    assert "+ 13 to create" in planned.output and "[unknown]" in planned.output
    assert "+ 13 created" in stack.up().ok().output
    stack.unchanged()
    assert "13 unchanged" in stack.refresh("--expect-no-changes").ok().output
    stack.unchanged()
    outputs = stack.outputs()
    assert (outputs["account"], outputs["region"]) == ("123456789012", "eu-west-1")
    assert outputs["partition"] == "aws"

    stack.write(registry(name, days=3))
    planned = stack.preview("--diff").ok().output
    assert "daysAfterInitiation: 1 => 3" in planned
    stack.up().ok()
    s3 = client("s3")
    rules = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert rules[0]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 3}
    stack.unchanged()

    s3.delete_public_access_block(Bucket=name)
    rules[0]["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": 9}
    rules[0]["Expiration"] = {"Days": 30}
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "cluster", "Value": "other"}]})
    client("kms").disable_key_rotation(KeyId=outputs["key"])
    client("iam").put_user_policy(
        UserName=name, PolicyName="registry", PolicyDocument=json.dumps(EVERYTHING)
    )
    stack.refresh().ok()
    steps = stack.steps()
    assert {logical for logical, op in steps.items() if op == "create"} == {"public"}
    changed = {logical for logical, op in steps.items() if op == "update"}
    assert changed == {"uploads", "bucket", "key", "rights"}
    stack.up().ok()
    stack.unchanged()
    assert s3.get_public_access_block(Bucket=name)
    rules = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert "Expiration" not in rules[0]
    stack.destroy().ok()


EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def test_a_new_name_is_a_new_bucket_and_destroy_leaves_nothing(
    stack: Stack, client: Clients
) -> None:
    stack.write(registry("registry-old")).up().ok()
    stack.write(registry("registry-new"))
    steps = stack.steps()
    assert "replace" in steps["bucket"]
    assert "key" not in steps
    stack.up().ok()
    stack.unchanged()
    s3, iam = client("s3"), client("iam")
    names = {each["Name"] for each in s3.list_buckets()["Buckets"]}
    assert "registry-new" in names and "registry-old" not in names
    stack.destroy().ok()
    names = {each["Name"] for each in s3.list_buckets()["Buckets"]}
    assert "registry-new" not in names
    users = {each["UserName"] for each in iam.list_users()["Users"]}
    assert not users & {"registry-new", "registry-old"}


def test_an_existing_bucket_with_objects_is_taken_over_as_it_is(
    stack: Stack, client: Clients
) -> None:
    s3 = client("s3")
    place = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="theirs", CreateBucketConfiguration=place)
    s3.put_bucket_tagging(Bucket="theirs", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    s3.put_object(Bucket="theirs", Key="docker/registry/v2/x", Body=b"layer")
    program = """
        keep = pulumi.ResourceOptions(import_="theirs", retain_on_delete=True)
        bucket = aws.s3.Bucket("bucket", bucket="theirs", tags={"a": "b"}, opts=keep)
        aws.s3.BucketPublicAccessBlock(
            "public",
            bucket="theirs",
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=keep,
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            "encryption",
            bucket="theirs",
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
            opts=keep,
        )
    """
    steps = stack.write(program).steps()
    assert {op for name, op in steps.items() if name != "clouds-test"} == {"import"}
    assert "= 3 imported" in stack.up().ok().output
    stack.unchanged()
    stack.refresh("--expect-no-changes").ok()
    stack.destroy().ok()
    assert s3.get_object(Bucket="theirs", Key="docker/registry/v2/x")["Body"].read() == b"layer"


def test_an_import_that_does_not_fit_is_shown_as_a_change(stack: Stack, client: Clients) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="not-so", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    program = """
        opts = pulumi.ResourceOptions(import_="not-so")
        aws.s3.Bucket("bucket", bucket="not-so", tags={"mine": "yes"}, opts=opts)
    """
    planned = stack.write(program).preview().ok().output
    assert "1 to import" in planned and "[diff: +tags]" in planned.replace("~tags", "+tags")


def test_an_import_of_nothing_is_refused(stack: Stack) -> None:
    program = """
        opts = pulumi.ResourceOptions(import_="is-not-there")
        aws.s3.Bucket("bucket", bucket="is-not-there", opts=opts)
    """
    stack.write(program).up().refused("is-not-there", "does not exist")


def test_what_aws_refuses_is_said_in_one_sentence(stack: Stack, client: Clients) -> None:
    client("s3", region="us-east-1").create_bucket(Bucket="far-away")
    program = """
        bucket = aws.s3.Bucket("bucket")
        deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::x"}
        allow = {**deny, "Effect": "Allow", "Resource": bucket.arn}
        def document(statement):
            return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]})
        aws.s3.BucketPolicy("elsewhere", bucket=bucket.id, policy=document(deny))
        other = aws.s3.Bucket("other", force_destroy=True)
        public = {**allow, "Resource": other.arn}
        aws.s3.BucketPolicy("public", bucket=other.id, policy=document(public))
        aws.kms.Alias("alias", name="alias/x", target_key_id="00000000-0000-0000-0000-000000000000")
        aws.iam.UserPolicy("nobody", user="nobody", policy=document({**deny}))
        aws.s3.BucketVersioning(
            "far", bucket="far-away", versioning_configuration={"status": "Enabled"}
        )
        role = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": 5}}
        aws.iam.Role("role", assume_role_policy=document({**role, "Resource": "*"}))
    """
    said = stack.write(program).up("--continue-on-error").refused()
    for text in (
        "AWS refused PutBucketPolicy: MalformedPolicy: Policy has invalid resource",
        "AWS refused PutBucketPolicy: AccessDenied: public policies are blocked",
        "AWS refused CreateAlias: NotFoundException",
        "AWS refused PutUserPolicy: NoSuchEntity",
        "AWS refused PutBucketVersioning: PermanentRedirect",
        "AWS refused CreateRole: MalformedPolicyDocument",
    ):
        assert text in said.output, f"{text}\n{said.output}"
    assert "File " not in said.output
    stack.destroy().ok()


def test_a_bucket_with_objects_is_kept_unless_it_is_to_be_emptied(
    stack: Stack, client: Clients
) -> None:
    program = 'aws.s3.Bucket("bucket", bucket="full", force_destroy={force})'
    stack.write(program.format(force=False)).up().ok()
    client("s3").put_object(Bucket="full", Key="a", Body=b"x")
    stack.destroy().refused("AWS refused DeleteBucket: BucketNotEmpty")
    stack.write(program.format(force=True)).up().ok()
    stack.destroy().ok()


def test_secrets_stay_secret(stack: Stack) -> None:
    canary = "canary-7b1f0c2e"
    program = f"""
        canary = pulumi.Output.secret("{canary}")
        aws.s3.Bucket("bucket", tags={{"nested": canary, "open": "word"}})
        key = aws.kms.Key("key", description=canary, deletion_window_in_days=7)
        user = aws.iam.User("user", tags={{"said": pulumi.Output.concat("it is ", canary)}})
        access = aws.iam.AccessKey("access", user=user.name)
        pulumi.export("secret", access.secret)
        pulumi.export("id", access.id)
    """
    said = [stack.write(program).up("--diff").ok().output]
    secret = stack.outputs()["secret"]
    assert len(secret) == 40
    said.append(stack.refresh("--diff").ok().output)
    said.append(stack.unchanged().output)
    program = program.replace('"word"', '"another"').replace("deletion_window_in_days=7", "")
    said.append(stack.write(program).up("--diff", "--json").output)
    said.append(stack.write(program).up("--diff").ok().output)
    said.append(stack.pulumi("stack", "export", "--stack", "test").ok().output)
    said.append(stack.pulumi("stack", "output", "--json", "--stack", "test").ok().output)
    said.append(stack.kept())
    assert stack.outputs()["secret"] == secret
    said.append(stack.destroy("--diff").ok().output)
    for text in said:
        assert canary not in text
        assert secret not in text


def test_a_secret_in_an_error_is_not_shown(stack: Stack) -> None:
    program = """
        name = pulumi.Output.secret("canary-5d2a")
        aws.iam.UserPolicy("rights", user=name, policy="{}")
    """
    said = stack.write(program).up().refused("NoSuchEntity")
    assert "canary-5d2a" not in said.output


def test_the_users_own_profile_is_not_looked_for(stack: Stack) -> None:
    stack.environment["AWS_PROFILE"] = "at-work"
    stack.write('pulumi.export("arn", aws.get_caller_identity().arn)').up().ok()
    assert stack.outputs()["arn"] == "arn:aws:iam::123456789012:user/lab-admin"


def test_the_account_can_be_pinned(stack: Stack) -> None:
    program = """
        here = aws.Provider("here", region="eu-west-1", allowed_account_ids=["{account}"])
        aws.s3.Bucket("bucket", opts=pulumi.ResourceOptions(provider=here))
    """
    stack.write(program.replace("{account}", "210987654321")).preview().refused(
        "AWS account ID not allowed: 123456789012"
    )
    stack.write(program.replace("{account}", "123456789012")).up().ok()
    stack.unchanged()
    stack.destroy().ok()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ('region="mars-north-1"', "invalid AWS Region: mars-north-1"),
        ('region="eu-west-1", profile="mine"', "does not play this provider argument"),
        ('region="eu-west-1", access_key="a", secret_key="b"', ""),
    ],
)
def test_providers(stack: Stack, arguments: str, says: str) -> None:
    program = f"""
        here = aws.Provider("here", {arguments})
        aws.s3.Bucket("bucket", opts=pulumi.ResourceOptions(provider=here))
    """
    ran = stack.write(program).preview()
    if says:
        ran.refused(says)
    else:
        ran.ok()


def test_a_bucket_of_another_region_is_made_there(stack: Stack, client: Clients) -> None:
    program = """
        there = aws.Provider("there", region="us-west-2", default_tags={"tags": {"team": "x"}})
        opts = pulumi.ResourceOptions(provider=there)
        aws.s3.Bucket("by-provider", bucket="by-provider", opts=opts)
        aws.s3.Bucket("by-itself", bucket="by-itself", region="us-east-2", tags={"a": "b"})
    """
    stack.write(program).up().ok()
    stack.unchanged()
    stack.refresh("--expect-no-changes").ok()
    s3 = client("s3", region="us-west-2")
    assert s3.get_bucket_location(Bucket="by-provider")["LocationConstraint"] == "us-west-2"
    assert s3.get_bucket_tagging(Bucket="by-provider")["TagSet"] == [{"Key": "team", "Value": "x"}]
    stack.destroy().ok()


def test_the_users_key_opens_its_bucket_and_no_other(
    stack: Stack, client: Clients, iam_enforced: Callable[..., Any]
) -> None:
    stack.write(registry("registry-keyed")).up().ok()
    outputs = stack.outputs()
    own, admin = (outputs["id"], outputs["secret"]), client("s3")
    place = {"LocationConstraint": "eu-west-1"}
    admin.create_bucket(Bucket="of-others", CreateBucketConfiguration=place)
    with iam_enforced():
        s3 = client("s3", key=own)
        push(s3, "registry-keyed")
        for call in (
            lambda: push(s3, "of-others"),
            lambda: s3.list_objects_v2(Bucket="of-others"),
            lambda: s3.create_bucket(Bucket="a-third", CreateBucketConfiguration=place),
            lambda: s3.delete_bucket(Bucket="registry-keyed"),
            lambda: s3.delete_bucket_policy(Bucket="registry-keyed"),
            lambda: s3.list_buckets(),
            lambda: client("iam", key=own).create_access_key(UserName="registry-keyed"),
            lambda: client("kms", key=own).disable_key(KeyId=outputs["key"]),
            lambda: client("s3", key=(own[0], "x" * 40)).list_objects_v2(Bucket="registry-keyed"),
        ):
            assert_denied(call)
        # Without the key's permission the same user is refused, as SSE-KMS has it.
        iam = client("iam")
        rights = iam.get_user_policy(UserName="registry-keyed", PolicyName="registry")
        document = rights["PolicyDocument"]
        less = {**document, "Statement": document["Statement"][:2]}
        arguments = {"UserName": "registry-keyed", "PolicyName": "registry"}
        iam.put_user_policy(**arguments, PolicyDocument=json.dumps(less))
        assert_denied(lambda: push(s3, "registry-keyed"))
        iam.put_user_policy(**arguments, PolicyDocument=json.dumps(document))
        push(s3, "registry-keyed")
        iam.update_access_key(UserName="registry-keyed", AccessKeyId=own[0], Status="Inactive")
        assert_denied(lambda: push(s3, "registry-keyed"))
        iam.update_access_key(UserName="registry-keyed", AccessKeyId=own[0], Status="Active")
        stack.unchanged()  # the administrator goes on working
    admin.delete_bucket(Bucket="of-others")
    stack.destroy().ok()


def push(s3: Any, bucket: str) -> None:
    """What a registry's s3 driver does for one layer: an upload in parts, a look, a read."""
    key = "docker/registry/v2/blobs/data"
    upload = s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    where = {"Bucket": bucket, "Key": key, "UploadId": upload}
    s3.list_multipart_uploads(Bucket=bucket)
    part = s3.upload_part(**where, PartNumber=1, Body=b"layer")
    assert s3.list_parts(**where)["Parts"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    s3.complete_multipart_upload(**where, MultipartUpload=parts)
    head = s3.head_object(Bucket=bucket, Key=key)
    assert head["ServerSideEncryption"] == "aws:kms"
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"layer"
    s3.list_objects_v2(Bucket=bucket, Prefix="docker/")
    s3.delete_object(Bucket=bucket, Key=key)


def assert_denied(call: Callable[[], Any]) -> None:
    from botocore.exceptions import ClientError

    with pytest.raises(ClientError) as caught:
        call()
    code = caught.value.response["Error"]["Code"]
    assert code in {"AccessDenied", "SignatureDoesNotMatch", "InvalidAccessKeyId", "403",
                    "AccessDeniedException"}, caught.value  # fmt: skip
