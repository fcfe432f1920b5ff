"""The stack lab-aws-kms: a bucket that encrypts with a key of its own."""

import re
from collections.abc import Iterator

import pytest

from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.aws import admin, as_user, code, enforced, live_keys, statements
from tests.lab.conftest import LabOf
from tests.lab.project import Project, storage
from tests.lab.test_registry import smoke

pytestmark = pytest.mark.lab

BUCKET = USER = "lab-aws-kms-x7k2p-image-registry"
ALIAS = "alias/lab-aws-kms/image-registry"
KMS = "aws:kms"


@pytest.fixture(scope="module")
def applied(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    project = Project(tmp_path_factory.mktemp("lab-aws-kms"), lab_of("4.15", "lab-aws-kms"))
    project.preview().ok()
    project.apply()
    yield project


def key_of(project: Project) -> dict:
    return admin(project.lab, "kms").describe_key(KeyId=ALIAS)["KeyMetadata"]


def test_the_key_is_rotated_and_named(applied: Project) -> None:
    kms, key = admin(applied.lab, "kms"), key_of(applied)
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]
    policy = statements(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"])
    assert policy["Account"]["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    registry = policy["Registry"]
    assert registry["Principal"] == {"AWS": f"arn:aws:iam::123456789012:user/{USER}"}
    assert registry["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert policy.keys() == {"Account", "Registry"}


def test_bucket_and_custom_resource_agree(applied: Project) -> None:
    s3, key = admin(applied.lab, "s3"), key_of(applied)
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    default = {"SSEAlgorithm": KMS, "KMSMasterKeyID": key["Arn"]}
    assert rule["ApplyServerSideEncryptionByDefault"] == default and rule["BucketKeyEnabled"]
    assert storage(applied.lab)["s3"] == {
        "bucket": BUCKET,
        "region": "eu-west-1",
        "encrypt": True,
        "keyID": key["Arn"],
    }
    conditions = settle(applied.lab, say)
    assert healthy(conditions), conditions


def test_old_versions_go_and_present_ones_stay(applied: Project) -> None:
    s3 = admin(applied.lab, "s3")
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    rules = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert [each["ID"] for each in rules] == ["abandoned-uploads", "old-versions"]
    assert rules[1]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert not any({"Expiration", "Transitions"} & each.keys() for each in rules)


def test_tags_and_default_tags(applied: Project) -> None:
    found = admin(applied.lab, "s3").get_bucket_tagging(Bucket=BUCKET)["TagSet"]
    tags = {each["Key"]: each["Value"] for each in found}
    assert (tags["team"], tags["cost-center"]) == ("platform", "4711")


def test_the_registry_writes_with_this_key_and_with_no_other(applied: Project) -> None:
    kms, key = admin(applied.lab, "kms"), key_of(applied)["Arn"]
    other = kms.create_key()["KeyMetadata"]["Arn"]
    with enforced(applied.lab):
        mine = as_user(applied.lab, live_keys(applied.lab))
        put = {"Bucket": BUCKET, "Key": "a", "Body": b"a"}
        mine.put_object(**put, ServerSideEncryption=KMS, SSEKMSKeyId=key)
        assert mine.get_object(Bucket=BUCKET, Key="a")["ServerSideEncryption"] == KMS
        mine.put_object(**put)  # as the later parts of an upload, which name nothing
        refused = {
            "another key": code(
                mine.put_object, **put, ServerSideEncryption=KMS, SSEKMSKeyId=other
            ),
            "S3's own keys": code(mine.put_object, **put, ServerSideEncryption="AES256"),
        }
    assert refused == dict.fromkeys(refused, "AccessDenied")


def test_an_image_is_written_with_the_key(applied: Project) -> None:
    settle(applied.lab, say)
    with enforced(applied.lab):
        code, said = smoke(applied.lab)
    assert code == 0, said
    s3, key = admin(applied.lab, "s3"), key_of(applied)["Arn"]
    blobs = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    blobs = [each for each in blobs if each.startswith("docker/registry/v2/blobs/")]
    heads = [s3.head_object(Bucket=BUCKET, Key=each) for each in blobs]
    assert blobs and {each.get("SSEKMSKeyId") for each in heads} == {key}


def test_a_lost_state_takes_the_key_up_again(applied: Project) -> None:
    """A second key would be made beside the one that the images are encrypted with."""
    kms, before = admin(applied.lab, "kms"), key_of(applied)["Arn"]
    keys = len(kms.list_keys()["Keys"])
    applied.forget()
    ran = applied.up().ok()
    assert re.search(rf"= +aws:kms:Key {BUCKET} import", ran.output), ran
    assert "schedule-key-deletion" not in ran.output
    assert key_of(applied)["Arn"] == before and len(kms.list_keys()["Keys"]) == keys
    applied.unchanged()


def test_a_key_whose_answer_was_lost_is_named(applied: Project) -> None:
    """An interrupted run has made it, and nothing refers to it."""
    kms = admin(applied.lab, "kms")
    tags = kms.list_resource_tags(KeyId=key_of(applied)["KeyId"])["Tags"]
    lost = kms.create_key(Tags=tags)["KeyMetadata"]["Arn"]
    command = f"aws kms schedule-key-deletion --region eu-west-1 --key-id {lost}"
    assert command in applied.unchanged().output
    assert key_of(applied)["Arn"] not in applied.preview().output.split("schedule-key-deletion")[1]
    kms.schedule_key_deletion(KeyId=lost)
    assert "schedule-key-deletion" not in applied.unchanged().output


def test_down_leaves_the_key(applied: Project) -> None:
    before = key_of(applied)["Arn"]
    applied.down().ok()
    assert key_of(applied)["KeyState"] == "Enabled"
    with enforced(applied.lab):
        as_user(applied.lab, live_keys(applied.lab)).get_object(Bucket=BUCKET, Key="a")
    applied.apply()
    assert key_of(applied)["Arn"] == before
    applied.unchanged()
