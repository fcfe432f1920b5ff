"""The stack lab-aws-adopt: a bucket that exists, with images in it, is imported."""

import re
from collections.abc import Iterator

import pytest

from lab.clouds.aws.before import BLOB
from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.aws import admin, live_keys
from tests.lab.conftest import LabOf
from tests.lab.project import Project, storage

pytestmark = pytest.mark.lab

BUCKET, LOGS = "lab-aws-adopt-images", "lab-aws-adopt-logs"
NO_CHANGES = "--expect-no-changes"
OLD = (
    '{"Version": "2012-10-17", "Statement": [{"Sid": "OfSomebody", "Effect": "Deny", "Principal": '
)
OLD += f'"*", "Action": "s3:PutBucketAcl", "Resource": "arn:aws:s3:::{BUCKET}"}}]}}'


@pytest.fixture(scope="module")
def applied(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    lab = lab_of("4.15", "lab-aws-adopt")
    s3 = admin(lab, "s3")
    s3.put_bucket_policy(Bucket=BUCKET, Policy=OLD)
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [{"Key": "team", "Value": "one"}]})
    project = Project(tmp_path_factory.mktemp("lab-aws-adopt"), lab)
    preview = project.preview("--diff").ok().output
    assert "taken over" in preview and "OfSomebody" in preview
    assert objects(project) == before(project)
    ran = project.up().ok()
    assert re.search(rf"= +aws:s3:Bucket {BUCKET} import", ran.output), ran
    assert re.search(r"= 1 imported", ran.output) and "replaced" not in ran.output, ran
    yield project


def objects(project: Project) -> dict[str, tuple[str, object]]:
    found = admin(project.lab, "s3").list_objects_v2(Bucket=BUCKET)["Contents"]
    return {each["Key"]: (each["ETag"], each["LastModified"]) for each in found}


def before(project: Project) -> dict[str, tuple[str, object]]:
    head = admin(project.lab, "s3").head_object(Bucket=BUCKET, Key=BLOB)
    return {BLOB: (head["ETag"], head["LastModified"])}


def test_no_object_was_touched_and_nothing_is_left_to_do(applied: Project) -> None:
    assert objects(applied) == before(applied)
    applied.unchanged()
    applied.refresh(NO_CHANGES).ok()


def test_it_is_closed_and_keeps_its_tags(applied: Project) -> None:
    s3 = admin(applied.lab, "s3")
    assert all(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values())
    policy = s3.get_bucket_policy(Bucket=BUCKET)["Policy"]
    assert "OnlyOverTLS" in policy and "OfSomebody" not in policy
    tags = s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]
    assert tags == [{"Key": "team", "Value": "one"}]
    logging = s3.get_bucket_logging(Bucket=BUCKET)["LoggingEnabled"]
    assert (logging["TargetBucket"], logging["TargetPrefix"]) == (LOGS, "lab-aws-adopt/")


def test_the_registry_is_pointed_at_it(applied: Project) -> None:
    assert storage(applied.lab)["s3"]["bucket"] == BUCKET
    conditions = settle(applied.lab, say)
    assert healthy(conditions), conditions


def test_logs_are_switched_off_when_they_are_left_out(applied: Project) -> None:
    sections = applied.original()
    del sections["storage"]["bucket"]["adopt"]["accessLogging"]
    applied.write(sections)
    applied.apply()
    assert "LoggingEnabled" not in admin(applied.lab, "s3").get_bucket_logging(Bucket=BUCKET)
    applied.write(applied.original())
    applied.apply()


def test_a_bucket_that_is_not_there_is_refused_at_preview(applied: Project) -> None:
    sections = applied.original()
    sections["storage"]["bucket"]["adopt"]["name"] = "lab-aws-nowhere"
    sections["storage"]["replaces"] = {"s3": {"bucket": BUCKET}}
    applied.write(sections)
    applied.preview().refused("bucket.adopt.name: lab-aws-nowhere: there is no such bucket")
    applied.write(applied.original())


def test_tags_that_are_given_are_all_it_has(applied: Project) -> None:
    sections = applied.original()
    sections["storage"]["bucket"]["adopt"]["tags"] = {"team": "two"}
    applied.write(sections)
    applied.apply()
    tags = admin(applied.lab, "s3").get_bucket_tagging(Bucket=BUCKET)["TagSet"]
    assert tags == [{"Key": "team", "Value": "two"}]
    applied.write(applied.original())
    applied.unchanged()


def test_a_lost_state_takes_everything_up_again(applied: Project) -> None:
    """The bucket as at first; the user by its tags; a new access key, and the old one is named."""
    old = live_keys(applied.lab)[0]
    applied.forget()
    applied.apply()
    assert f"--access-key-id {old}" in applied.unchanged().output
    assert objects(applied) == before(applied)
