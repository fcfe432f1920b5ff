"""The stack lab-aws: a bucket of its own, read back from the server that has it."""

import base64
import re
from collections.abc import Iterator

import pytest

from lab import kinds
from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.aws import (
    NAMESPACE,
    SECRET,
    admin,
    as_user,
    code,
    enforced,
    live_keys,
    statements,
)
from tests.lab.conftest import LabOf
from tests.lab.project import Project, Ran, config, get, storage
from tests.lab.test_registry import smoke

pytestmark = pytest.mark.lab

BUCKET = USER = "lab-aws-x7k2p-image-registry"
NO_CHANGES = "--expect-no-changes"
MEND = ("--refresh", "--run-program")
BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


@pytest.fixture(scope="module")
def applied(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Applied to a cluster as installed; each test leaves it as found."""
    project = Project(tmp_path_factory.mktemp("lab-aws"), lab_of("4.15", "lab-aws"))
    said = [project.preview("--diff").ok().output, project.up("--diff").ok().output]
    hidden(live_keys(project.lab)[1], *said)
    yield project


def hidden(secret: str, *texts: str) -> None:
    """Neither the secret key nor its base64, which is how a Secret holds it, is in these."""
    for form in (secret, base64.b64encode(secret.encode()).decode()):
        assert not any(form in text for text in texts)


def one_changed(ran: Ran) -> None:
    ran.ok()
    assert re.search(r"~ 1 updated", ran.output), ran
    assert not re.search(r"created|deleted|replaced", ran.output.split("Resources:")[1]), ran


def test_the_bucket_is_closed_encrypted_and_cleaned(applied: Project) -> None:
    s3 = admin(applied.lab, "s3")
    block = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert block == dict.fromkeys(BLOCKS, True)
    owner = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]
    assert owner == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert rule["Status"] == "Enabled" and not rule.get("Filter", {}).get("Prefix")
    assert not {"Expiration", "Transitions"} & rule.keys()
    tags = {each["Key"]: each["Value"] for each in s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]}
    assert tags == {
        "app.kubernetes.io/managed-by": "openshift-registry",
        "app.kubernetes.io/instance": "lab-aws",
    }


def test_nobody_comes_without_tls(applied: Project) -> None:
    policy = statements(admin(applied.lab, "s3").get_bucket_policy(Bucket=BUCKET)["Policy"])
    assert policy.keys() == {"OnlyOverTLS"}
    keys = live_keys(applied.lab)
    assert code(as_user(applied.lab, keys).list_objects_v2, Bucket=BUCKET) == ""
    plain = as_user(applied.lab, keys, plain=True)
    assert code(plain.list_objects_v2, Bucket=BUCKET) == "AccessDenied"
    assert code(plain.put_object, Bucket=BUCKET, Key="a", Body=b"") == "AccessDenied"


def test_the_keys_open_this_bucket_and_no_other(applied: Project) -> None:
    other = admin(applied.lab, "s3")
    place = {"LocationConstraint": "eu-west-1"}
    other.create_bucket(Bucket="somebody-elses", CreateBucketConfiguration=place)
    other.put_object(Bucket="somebody-elses", Key="a", Body=b"a")
    with enforced(applied.lab):
        mine = as_user(applied.lab, live_keys(applied.lab))
        mine.put_object(Bucket=BUCKET, Key="a", Body=b"a", ServerSideEncryption="AES256")
        upload = mine.create_multipart_upload(Bucket=BUCKET, Key="b")["UploadId"]
        part = {"Bucket": BUCKET, "Key": "b", "UploadId": upload}
        mine.upload_part(**part, PartNumber=1, Body=b"a")
        mine.list_parts(**part)
        assert len(mine.list_multipart_uploads(Bucket=BUCKET)["Uploads"]) == 1
        mine.abort_multipart_upload(**part)
        assert mine.get_object(Bucket=BUCKET, Key="a")["Body"].read() == b"a"
        mine.get_bucket_location(Bucket=BUCKET)
        mine.delete_object(Bucket=BUCKET, Key="a")
        refused = {
            "its objects": code(mine.get_object, Bucket="somebody-elses", Key="a"),
            "its names": code(mine.list_objects_v2, Bucket="somebody-elses"),
            "writing": code(mine.put_object, Bucket="somebody-elses", Key="b", Body=b""),
            "all buckets": code(mine.list_buckets),
            "the policy": code(mine.delete_bucket_policy, Bucket=BUCKET),
            "the bucket": code(mine.delete_bucket, Bucket=BUCKET),
            "users": code(as_user(applied.lab, live_keys(applied.lab), "iam").list_users),
        }
        assert not [each for each, said in refused.items() if "Denied" not in said], refused


def test_the_users_policy_names_the_bucket(applied: Project) -> None:
    iam = admin(applied.lab, "iam")
    assert iam.list_user_policies(UserName=USER)["PolicyNames"] == ["image-registry"]
    assert iam.list_attached_user_policies(UserName=USER)["AttachedPolicies"] == []
    found = iam.get_user_policy(UserName=USER, PolicyName="image-registry")["PolicyDocument"]
    resources = {name: each["Resource"] for name, each in statements(found).items()}
    assert resources == {
        "Bucket": f"arn:aws:s3:::{BUCKET}",
        "Objects": f"arn:aws:s3:::{BUCKET}/*",
    }


def test_the_registry_is_pointed_at_it(applied: Project) -> None:
    """Guide 3.1.3."""
    conditions = settle(applied.lab, say)
    assert healthy(conditions), conditions
    assert storage(applied.lab) == {
        "managementState": "Unmanaged",
        "s3": {"bucket": BUCKET, "region": "eu-west-1", "encrypt": True},
    }
    assert config(applied.lab)["spec"]["replicas"] == 2


def test_an_image_goes_in_and_comes_out(applied: Project) -> None:
    """With the user's own rights; what was given up lies there until the bucket removes it."""
    settle(applied.lab, say)
    with enforced(applied.lab):
        code, said = smoke(applied.lab)
    assert code == 0, said
    assert f"lifecycle rule 'abandoned-uploads' of bucket {BUCKET} removes it after 1 day" in said
    s3 = admin(applied.lab, "s3")
    assert s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert any(each.startswith("docker/registry/v2/blobs/") for each in keys)


def test_again_changes_nothing_also_after_a_refresh(applied: Project) -> None:
    applied.again("up again:")
    applied.refresh(NO_CHANGES).ok("refresh:")
    applied.preview(NO_CHANGES).ok("preview after it:").clean()


def test_one_change_changes_one_resource(applied: Project) -> None:
    s3, sections = admin(applied.lab, "s3"), applied.original()
    sections["storage"]["bucket"]["create"]["tags"] = {"team": "platform"}
    applied.write(sections)
    one_changed(applied.apply())
    tags = s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]
    assert {"Key": "team", "Value": "platform"} in tags
    applied.write(applied.original())
    one_changed(applied.apply())


def test_drift_is_seen_and_put_right(applied: Project) -> None:
    s3 = admin(applied.lab, "s3")
    weak = dict.fromkeys(BLOCKS, True) | {"BlockPublicPolicy": False}
    s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=weak)
    s3.delete_bucket_lifecycle(Bucket=BUCKET)
    code, found = applied.drift()
    assert (code, set(found)) == (
        4,
        {"BucketPublicAccessBlock blockPublicPolicy", "BucketLifecycleConfiguration gone"},
    )
    seen = applied.preview("--refresh", "--diff").ok().output
    assert "blockPublicPolicy" in seen and "BucketLifecycleConfiguration" in seen
    applied.up(*MEND).ok()
    block = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert block == dict.fromkeys(BLOCKS, True)
    assert len(s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]) == 1
    applied.unchanged()


def test_a_new_key_is_there_before_the_old_one_goes(applied: Project) -> None:
    """And the registry runs with it (test_aws_rotation.py) as soon as the run has ended."""
    iam, before = admin(applied.lab, "iam"), live_keys(applied.lab)
    sections = applied.original()
    sections["storage"]["credentials"]["create"] = {"rotation": "2026-12"}
    applied.write(sections)
    plan = applied.preview("--diff").ok().output
    ran = applied.up().ok()
    with enforced(applied.lab):
        code, said = smoke(applied.lab)
    assert code == 0, said
    after = live_keys(applied.lab)
    assert before[0] != after[0]
    assert not any(key in ran.output for key in (before[0], after[0]))
    order = re.findall(r"(AccessKey|:Secret) \S+ (created|updated|deleted)", ran.output)
    assert order == [("AccessKey", "created"), (":Secret", "updated"), ("AccessKey", "deleted")]
    keys = iam.list_access_keys(UserName=USER)["AccessKeyMetadata"]
    assert [each["AccessKeyId"] for each in keys] == [after[0]]
    assert "is not the one that this stack uses" not in ran.output
    applied.unchanged()
    for secret in (before[1], after[1]):
        hidden(secret, plan, ran.output, applied.raw_state())
    applied.write(applied.original())
    applied.apply()
    assert len(iam.list_access_keys(UserName=USER)["AccessKeyMetadata"]) == 1


def test_the_secret_key_is_nowhere(applied: Project) -> None:
    said = [
        applied.preview("--logtostderr", "-v=9").output,
        applied.preview("--json").output,
        applied.pulumi("stack", "export", "--stack", applied.stack).output,
        applied.pulumi("stack", "output", "--json", "--stack", applied.stack).output,
        applied.raw_state(),
        *(path.read_text() for path in (applied.lab.directory / "logs").glob("*.log")),
    ]
    assert any(USER in text for text in said)
    hidden(live_keys(applied.lab)[1], *said)


def test_down_leaves_bucket_keys_and_images(applied: Project) -> None:
    s3, keys = admin(applied.lab, "s3"), live_keys(applied.lab)
    s3.put_object(Bucket=BUCKET, Key="image", Body=b"image")
    before = get(applied.lab, kinds.Secret, SECRET, NAMESPACE)["metadata"]["resourceVersion"]
    applied.down().ok()
    assert s3.get_object(Bucket=BUCKET, Key="image")["Body"].read() == b"image"
    assert live_keys(applied.lab) == keys
    with enforced(applied.lab):
        as_user(applied.lab, keys).get_object(Bucket=BUCKET, Key="image")
    assert s3.get_public_access_block(Bucket=BUCKET)
    assert storage(applied.lab)["s3"]["bucket"] == BUCKET
    assert healthy(settle(applied.lab, say))
    applied.apply()
    after = get(applied.lab, kinds.Secret, SECRET, NAMESPACE)["metadata"]["resourceVersion"]
    assert (live_keys(applied.lab), after) == (keys, before)
    applied.unchanged()


def test_a_plain_destroy_is_refused(applied: Project) -> None:
    applied.pulumi("destroy", "--yes", "--stack", applied.stack).refused("protected")
    assert admin(applied.lab, "s3").head_bucket(Bucket=BUCKET)


def test_another_account_is_refused_at_preview(applied: Project) -> None:
    sections = applied.original()
    sections["storage"]["account"] = "999988887777"
    applied.write(sections)
    for ran in (applied.preview(), applied.up("--skip-preview")):
        ran.refused("AWS account ID not allowed: 123456789012")
    applied.write(applied.original())


def test_another_region_is_refused_at_preview(applied: Project) -> None:
    """The provider is of one region; a bucket of that name is in another."""
    sections = applied.original()
    sections["storage"]["region"] = "eu-central-1"
    applied.write(sections)
    applied.preview().refused(
        f"storage.region: eu-central-1: a bucket {BUCKET} exists in another region"
    )
    applied.write(applied.original())


def test_what_an_interrupted_run_left_is_named(applied: Project) -> None:
    """An access key that was made, and whose answer was lost."""
    iam = admin(applied.lab, "iam")
    lost = iam.create_access_key(UserName=USER)["AccessKey"]["AccessKeyId"]
    ran = applied.up().ok()
    command = f"aws iam delete-access-key --user-name {USER} --access-key-id {lost}"
    assert command in ran.output and command in applied.preview().output
    iam.delete_access_key(UserName=USER, AccessKeyId=lost)
    assert "delete-access-key" not in applied.preview().output


def test_a_state_that_was_lost_finds_bucket_and_user(applied: Project) -> None:
    """Bucket and user are taken up by their names; the access key can't be, and is named."""
    old = live_keys(applied.lab)
    applied.forget()
    ran = applied.up().ok()
    assert re.search(rf"= +aws:s3:Bucket {BUCKET} import", ran.output), ran
    assert re.search(rf"= +aws:iam:User {USER} import", ran.output), ran
    new = live_keys(applied.lab)
    assert new != old
    ran = applied.unchanged()
    command = f"aws iam delete-access-key --user-name {USER} --access-key-id {old[0]}"
    assert command in ran.output
    admin(applied.lab, "iam").delete_access_key(UserName=USER, AccessKeyId=old[0])
    assert healthy(settle(applied.lab, say))
