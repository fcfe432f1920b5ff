"""The stack lab-gcs-adopt: a bucket that exists, with images in it, is imported and closed."""

import re
from collections.abc import Iterator

import pytest

from lab.clouds.google.before import BLOB
from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.conftest import LabOf
from tests.lab.gcs_project import owner
from tests.lab.project import Project, storage
from tests.lab.test_registry import smoke

pytestmark = pytest.mark.lab

BUCKET = "lab-gcs-adopt-images"
KEY = "projects/platform-shared/locations/europe-west1/keyRings/registries/cryptoKeys/images"
NO_CHANGES = "--expect-no-changes"


@pytest.fixture(scope="module")
def applied(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    lab = lab_of("4.15", "lab-gcs-adopt")
    bucket = owner(lab).get_bucket(BUCKET)
    bucket.labels = {"team": "one"}
    bucket.versioning_enabled = True
    bucket.patch()
    project = Project(tmp_path_factory.mktemp("lab-gcs-adopt"), lab)
    before = objects(project)
    project.preview("--diff").ok()
    ran = project.up().ok()
    assert re.search(rf"= +gcp:storage:Bucket {BUCKET} import", ran.output), ran
    assert "replaced" not in ran.output and objects(project) == before
    yield project


def objects(project: Project) -> dict[str, tuple[str, str]]:
    found = owner(project.lab).list_blobs(BUCKET)
    return {each.name: (each.etag, str(each.updated)) for each in found}


def test_it_is_closed_and_keeps_what_was_not_given(applied: Project) -> None:
    bucket = owner(applied.lab).get_bucket(BUCKET)
    assert bucket.iam_configuration.public_access_prevention == "enforced"
    assert bucket.iam_configuration.uniform_bucket_level_access_enabled
    assert bucket.default_kms_key_name == KEY
    assert bucket.soft_delete_policy.retention_duration_seconds == 0
    assert [each["action"]["type"] for each in bucket.lifecycle_rules] == [
        "AbortIncompleteMultipartUpload"
    ]
    assert (bucket.labels, bucket.versioning_enabled) == ({"team": "one"}, True)


def test_the_registry_is_pointed_at_it(applied: Project) -> None:
    assert storage(applied.lab)["gcs"] == {
        "bucket": BUCKET,
        "region": "europe-west1",
        "projectID": "platform-shared",
        "keyID": KEY,
    }
    assert healthy(settle(applied.lab, say))
    code, said = smoke(applied.lab)
    assert code == 0, said
    assert BLOB in objects(applied)


def test_nothing_is_left_to_do(applied: Project) -> None:
    applied.again()
    applied.refresh(NO_CHANGES).ok()
    applied.unchanged()


def test_labels_that_are_given_are_put_beside_the_others(applied: Project) -> None:
    sections = applied.original()
    sections["storage"]["bucket"]["adopt"]["labels"] = {"cost-center": "4711"}
    applied.write(sections)
    applied.apply()
    labels = owner(applied.lab).get_bucket(BUCKET).labels
    assert labels == {"team": "one", "cost-center": "4711"}
    applied.unchanged()
    applied.write(applied.original())
    applied.unchanged()


def test_a_bucket_that_is_not_there_is_refused_at_preview(applied: Project) -> None:
    sections = applied.original()
    sections["storage"]["bucket"]["adopt"]["name"] = "lab-gcs-nowhere"
    sections["storage"]["replaces"] = {"gcs": {"bucket": BUCKET}}
    applied.write(sections)
    applied.preview().refused("bucket.adopt.name: lab-gcs-nowhere: there is no such bucket")
    applied.write(applied.original())


def test_a_lost_state_takes_everything_up_again(applied: Project) -> None:
    before = objects(applied)
    applied.forget()
    applied.apply()
    applied.unchanged()
    assert objects(applied) == before


def test_down_leaves_bucket_and_images(applied: Project) -> None:
    before = objects(applied)
    applied.down().ok()
    assert objects(applied) == before
    assert healthy(settle(applied.lab, say))
    applied.apply()
    applied.unchanged()
