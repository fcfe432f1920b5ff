"""The policies of docs/how-to/aws-permissions.md are enough for a login that has no others.

AWS's plugin is a stand-in here, which asks AWS for less than the real one does; what that asks is
held against the page in tests/docs/test_aws_permissions.py. Of buckets, names and actions are
judged; of all else, actions alone.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.lab import say
from lab.paths import ROOT
from tests.lab.aws import admin, enforced
from tests.lab.planes import SharedLab
from tests.lab.project import Project, Ran

pytestmark = pytest.mark.lab

PAGE = ROOT / "docs" / "how-to" / "aws-permissions.md"
LOGIN = "provisioner"
NEEDED = {
    "lab-aws": ("Bucket", "User"),
    "lab-aws-kms": ("Bucket", "BucketOnDemand", "NewKey", "User"),
    "lab-aws-adopt": ("Bucket", "BucketOnDemand", "User"),
}
"""Stack -> the first statement of each policy that it needs."""


@pytest.fixture(params=NEEDED)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    lab = SharedLab(request.param, tmp_path / "lab")
    lab.start(say)
    try:
        yield Project(tmp_path / "project", lab)
    finally:
        lab.stop()


def test_the_documented_policies_suffice(project: Project) -> None:
    limited = login(project, NEEDED[project.stack])
    sections = project.original()
    with enforced(project.lab):
        done(project, limited, "preview")
        done(project, limited, "up", "--yes")
        # Without the previews, which ask for no more.
        done(project, limited, "refresh", "--yes", "--skip-preview")
        sections["storage"]["credentials"]["create"]["rotation"] = "2026-12"
        project.write(sections)
        done(project, limited, "up", "--yes", "--skip-preview")
        done(project, limited, "destroy", "--exclude-protected", "--yes", "--skip-preview")
        done(project, limited, "up", "--yes", "--skip-preview")
        done(project, limited, "preview", "--expect-no-changes")


@pytest.mark.parametrize("project", ["lab-aws-kms"], indirect=True)
def test_a_login_that_lacks_one_is_told_where_to_look(project: Project) -> None:
    limited = login(project, ("Bucket", "BucketOnDemand", "User"))
    with enforced(project.lab):
        ran = ran_as(project, limited, "preview")
    ran.refused("AWS could not be asked what is there already", "docs/how-to/aws-permissions.md")


def done(project: Project, keys: dict[str, str], *arguments: str) -> None:
    ran_as(project, keys, *arguments).ok(" ".join(arguments))


def ran_as(project: Project, keys: dict[str, str], *arguments: str) -> Ran:
    return project.pulumi(*arguments, "--stack", project.stack, environment=keys)


def login(project: Project, needed: tuple[str, ...]) -> dict[str, str]:
    """The environment of a user with these policies and no others."""
    iam = admin(project.lab, "iam")
    iam.create_user(UserName=LOGIN)
    for policy in documented(project):
        name = policy["Statement"][0]["Sid"]
        if name in needed:
            document = json.dumps({**policy, "Statement": [*map(judged, policy["Statement"])]})
            iam.put_user_policy(UserName=LOGIN, PolicyName=name, PolicyDocument=document)
    made = iam.create_access_key(UserName=LOGIN)["AccessKey"]
    return {
        "AWS_ACCESS_KEY_ID": made["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"],
    }


def judged(statement: dict) -> dict:
    """As moto takes it: it knows resources and conditions of S3 only, and calls one service by
    another name."""
    if statement["Action"] == "tag:GetResources":
        return {**statement, "Action": "tagging:GetResources"}
    if str(statement["Resource"]).startswith("arn:aws:s3:"):
        return statement
    return {**statement, "Resource": "*", "Condition": {}}


def documented(project: Project) -> list[dict]:
    """With the names of the stack in place of the page's."""
    storage, cluster = project.original()["storage"], project.original()["cluster"]
    (bucket,) = storage["bucket"].values()
    own = f"{cluster['infrastructureName']}-image-registry"
    user = storage["credentials"]["create"].get("userName", own)
    text = PAGE.read_text()
    for example, real in {
        "arn:aws:s3:::prod-1-image-registry": f"arn:aws:s3:::{bucket['name']}",
        "user/prod-1-x7k2p-image-registry": f"user/{user}",
        "alias/prod-1/": f"alias/{cluster['name']}/",
        "111122223333": storage["account"],
    }.items():
        assert example in text
        text = text.replace(example, real)
    return [json.loads(each) for each in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]
