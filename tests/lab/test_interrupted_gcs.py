"""A run on Google Cloud killed at any moment: the next one carries on with what was made."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from lab.clouds.google import PROJECT
from lab.lab import say
from tests.lab.conftest import LabOf
from tests.lab.gcs_project import (
    account,
    as_user,
    asked,
    code,
    keys_of,
    live_keyfile,
    owner,
    reset_google,
    roles,
)
from tests.lab.killed import Rotation, kill_at_points, unjudged
from tests.lab.project import Project, storage

pytestmark = pytest.mark.lab

POINTS, ROTATIONS = 6, 3
BUCKET, ACCOUNT = "registry-of-lab-gcs-kms", "lab-gcs-kms-registry"
NAME = "lab-gcs-kms-x7k2p-image-registry"
KEY = f"projects/{PROJECT}/locations/europe-west1/keyRings/{NAME}/cryptoKeys/{NAME}"


@pytest.fixture
def project(lab_of: LabOf, tmp_path: Path) -> Iterator[Project]:
    lab = lab_of("4.15", "lab-gcs-kms")
    reset_google(lab, ACCOUNT)
    yield unjudged(tmp_path / "project", lab)
    reset_google(lab, ACCOUNT)


def test_kill_at_six_points_of_up_then_converge(project: Project) -> None:
    """The service account is among what comes first."""
    made = partial(asked, project.lab, account(ACCOUNT))
    reset = partial(reset_google, project.lab, ACCOUNT)
    kill_at_points(project, POINTS, reset, converges, made, "service account", seconds=120)


def converges(project: Project, when: str) -> None:
    """The next run ends well with one of each, and a key that opens the bucket."""
    lab = project.lab
    project.engine.make_stack(say)
    project.apply(when)
    project.unchanged(when)
    (bucket,) = owner(lab).list_buckets()
    assert (bucket.name, bucket.default_kms_key_name) == (BUCKET, KEY), when
    assert storage(lab)["gcs"]["keyID"] == KEY, when
    assert len(roles(lab, BUCKET, ACCOUNT)) == 2, when
    assert live_keyfile(lab)["private_key_id"] in keys_of(lab, ACCOUNT), when
    opens(project, when)


def opens(project: Project, when: str) -> None:
    """The key that the registry has now opens the bucket."""
    bucket = as_user(project.lab, live_keyfile(project.lab)).bucket(BUCKET)
    assert code(bucket.blob("a").upload_from_string, b"a") == 0, when


def test_kill_a_rotation_and_the_registry_keeps_a_key_that_works(project: Project) -> None:
    project.apply()
    rotation = Rotation(project, partial(keys_of, project.lab, ACCOUNT))
    kill_at_points(project, ROTATIONS, rotation.ask, keeps_a_key, rotation.made, "key", seconds=120)


def keeps_a_key(project: Project, when: str) -> None:
    opens(project, when)
    project.engine.make_stack(say)
    project.apply(when)
    opens(project, f"{when} after the next run:")
    project.unchanged(when)
