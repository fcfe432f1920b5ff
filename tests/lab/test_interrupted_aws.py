"""A run on AWS killed at any moment: the next one carries on with what was made, and names the keys
whose answer was lost."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lab.lab import say
from tests.lab.aws import (
    access_keys,
    admin,
    as_user,
    code,
    enforced,
    kms_keys,
    live_keys,
    reset_aws,
)
from tests.lab.conftest import LabOf
from tests.lab.killed import Rotation, kill_at_points, unjudged
from tests.lab.project import Project, storage

pytestmark = pytest.mark.lab

POINTS = 20
BEFORE = (0.25, 0.5, 0.75)
"""Some of them while the program still reads, and nothing is made."""
ROTATIONS = 6
BUCKET = USER = "lab-aws-kms-x7k2p-image-registry"
ALIAS = "alias/lab-aws-kms/image-registry"


@pytest.fixture
def project(lab_of: LabOf, tmp_path: Path) -> Iterator[Project]:
    lab = lab_of("4.15", "lab-aws-kms")
    reset_aws(lab)
    yield unjudged(tmp_path / "project", lab)
    reset_aws(lab)


def test_kill_at_twenty_points_of_up_then_converge(project: Project) -> None:
    made = partial(_made, admin(project.lab, "iam"))
    reset = partial(reset_aws, project.lab)
    kill_at_points(project, POINTS, reset, converges, made, "user", BEFORE)


def _made(iam: Any) -> bool:
    """The user is what comes first."""
    return USER in [each["UserName"] for each in iam.list_users()["Users"]]


def converges(project: Project, when: str) -> None:
    """The next run ends well with one of each, and all keys are named that an earlier one left."""
    lab = project.lab
    project.engine.make_stack(say)
    ran = project.apply(when)
    again = project.unchanged(when)
    said = ran.output + again.output
    (bucket,) = admin(lab, "s3").list_buckets()["Buckets"]
    assert bucket["Name"] == BUCKET, when
    opens(project, when)
    live = live_keys(lab)
    used = admin(lab, "kms").describe_key(KeyId=ALIAS)["KeyMetadata"]["Arn"]
    assert storage(lab)["s3"]["keyID"] == used, when
    in_iam, in_kms = set(access_keys(lab, USER)), set(kms_keys(lab))
    assert live[0] in in_iam and used in in_kms, when
    delete = f"aws iam delete-access-key --user-name {USER} --access-key-id"
    schedule = "aws kms schedule-key-deletion --region eu-west-1 --key-id"
    commands = {f"{delete} {each}" for each in in_iam - {live[0]}}
    commands |= {f"{schedule} {each}" for each in in_kms - {used}}
    told = set(re.findall(rf"(?:{delete}|{schedule}) \S+", said))
    assert told == commands, f"{when} {said}"


def test_kill_a_rotation_and_the_registry_keeps_a_key_that_works(project: Project) -> None:
    project.apply()
    rotation = rotation_of(project)
    kill_at_points(
        project, ROTATIONS, rotation.ask, ends_with_one_key, rotation.made, "key", (0.6, 0.95)
    )


def ends_with_one_key(project: Project, when: str) -> None:
    """And in between the registry always has one that works."""
    opens(project, when)
    project.engine.make_stack(say)
    ran = project.up("--skip-preview")
    # A new key whose answer was lost: AWS makes no third, and it is said which one may go.
    if "LimitExceeded" in ran.output:
        (lost,) = set(re.findall(r"--access-key-id (\S+)", ran.output))
        admin(project.lab, "iam").delete_access_key(UserName=USER, AccessKeyId=lost)
        opens(project, f"{when} {lost} deleted:")
        ran = project.up("--skip-preview")
    ran.ok(when)
    opens(project, f"{when} after the next run:")
    assert access_keys(project.lab, USER) == [live_keys(project.lab)[0]], when
    project.unchanged(when)


def test_a_rotation_whose_answer_was_lost_says_which_key_may_go(project: Project) -> None:
    """AWS makes no third key beside the live one and the lost one."""
    project.apply()
    lost = admin(project.lab, "iam").create_access_key(UserName=USER)["AccessKey"]["AccessKeyId"]
    rotation_of(project).ask()
    ran = project.up("--skip-preview").refused("LimitExceeded", "AWS makes no more")
    assert set(re.findall(r"--access-key-id (\S+)", ran.output)) == {lost}
    opens(project, "after it was refused:")
    admin(project.lab, "iam").delete_access_key(UserName=USER, AccessKeyId=lost)
    project.apply()
    opens(project, "rotated:")
    assert access_keys(project.lab, USER) == [live_keys(project.lab)[0]]


def rotation_of(project: Project) -> Rotation:
    return Rotation(project, partial(access_keys, project.lab, USER))


def opens(project: Project, when: str) -> None:
    """The key that the registry has now opens the bucket."""
    with enforced(project.lab):
        client = as_user(project.lab, live_keys(project.lab))
        assert code(client.put_object, Bucket=BUCKET, Key="a", Body=b"a") == "", when
