"""The stack lab-gcs-kms: a bucket with a key of Cloud KMS that is made with it."""

import re
from collections.abc import Iterator

import pytest

from lab.clouds.google import NUMBER
from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.conftest import LabOf
from tests.lab.gcs_project import asked, owner, service
from tests.lab.project import Project, storage
from tests.lab.test_registry import smoke

pytestmark = pytest.mark.lab

BUCKET, NAME = "registry-of-lab-gcs-kms", "lab-gcs-kms-x7k2p-image-registry"
RING = f"projects/platform-shared/locations/europe-west1/keyRings/{NAME}"
KEY = f"{RING}/cryptoKeys/{NAME}"
AGENT = f"serviceAccount:service-{NUMBER}@gs-project-accounts.iam.gserviceaccount.com"
USES = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
NO_CHANGES = "--expect-no-changes"


@pytest.fixture(scope="module")
def applied(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    project = Project(tmp_path_factory.mktemp("lab-gcs-kms"), lab_of("4.15", "lab-gcs-kms"))
    project.preview().ok()
    project.apply()
    yield project


def test_the_key_rotates_and_only_cloud_storage_uses_it(applied: Project) -> None:
    key = asked(applied.lab, KEY)
    assert (key["rotationPeriod"], key["purpose"]) == (f"{30 * 86400}s", "ENCRYPT_DECRYPT")
    assert key["destroyScheduledDuration"] == f"{30 * 86400}s" and key["nextRotationTime"]
    assert key["labels"]["openshift-registry-cluster"] == "lab-gcs-kms"
    policy = asked(applied.lab, f"{KEY}:getIamPolicy")
    assert policy["bindings"] == [{"role": USES, "members": [AGENT]}]


def test_bucket_and_custom_resource_agree(applied: Project) -> None:
    assert owner(applied.lab).get_bucket(BUCKET).default_kms_key_name == KEY
    assert storage(applied.lab)["gcs"] == {
        "bucket": BUCKET,
        "region": "europe-west1",
        "projectID": "platform-shared",
        "keyID": KEY,
    }
    conditions = settle(applied.lab, say)
    assert healthy(conditions), conditions


def test_old_versions_go_and_present_ones_stay(applied: Project) -> None:
    bucket = owner(applied.lab).get_bucket(BUCKET)
    assert bucket.versioning_enabled
    abort, delete = bucket.lifecycle_rules
    assert abort["action"]["type"] == "AbortIncompleteMultipartUpload"
    assert delete["action"] == {"type": "Delete"}
    assert delete["condition"] == {"daysSinceNoncurrentTime": 30, "isLive": False}


def test_labels_default_labels_and_logs(applied: Project) -> None:
    bucket = owner(applied.lab).get_bucket(BUCKET)
    assert (bucket.labels["team"], bucket.labels["cost-center"]) == ("platform", "4711")
    assert bucket.get_logging() == {"logBucket": "lab-gcs-kms-logs", "logObjectPrefix": BUCKET}


def test_an_image_is_written_with_the_key(applied: Project) -> None:
    settle(applied.lab, say)
    code, said = smoke(applied.lab)
    assert code == 0, said
    blobs = owner(applied.lab).list_blobs(BUCKET, prefix="docker/registry/v2/blobs/")
    assert {each.kms_key_name for each in blobs} == {f"{KEY}/cryptoKeyVersions/1"}


def test_again_changes_nothing_also_after_a_refresh(applied: Project) -> None:
    applied.again("up again:")
    applied.refresh(NO_CHANGES).ok("refresh:")
    applied.preview(NO_CHANGES).ok("preview after it:").clean()


def test_one_change_changes_one_resource(applied: Project) -> None:
    sections = applied.original()
    sections["storage"]["bucket"]["create"]["kms"]["create"]["rotationPeriodDays"] = 60
    applied.write(sections)
    ran = applied.up().ok()
    assert re.search(r"~ 1 updated", ran.output), ran
    assert asked(applied.lab, KEY)["rotationPeriod"] == f"{60 * 86400}s"
    applied.write(applied.original())
    applied.apply()


def test_a_grant_that_was_taken_away_is_given_again(applied: Project) -> None:
    asked(applied.lab, f"{KEY}:setIamPolicy", "POST", {"policy": {"bindings": []}})
    applied.preview("--refresh", "--diff").ok()
    applied.up("--refresh", "--run-program").ok()
    assert asked(applied.lab, f"{KEY}:getIamPolicy")["bindings"][0]["members"] == [AGENT]


def test_a_lost_state_takes_the_key_up_again(applied: Project) -> None:
    """A second one of its name is nothing that Google would make."""
    applied.forget()
    ran = applied.up().ok()
    for kind in ("KeyRing", "CryptoKey"):
        assert re.search(rf"= +gcp:kms:{kind} {NAME} import", ran.output), ran
    applied.unchanged()


def test_a_key_of_others_is_refused_at_preview(applied: Project) -> None:
    google = service(applied.lab)
    asking = google.session()
    url = f"{google.https}/v1/{RING}/cryptoKeys?cryptoKeyId=stray"
    asking.post(url, json={"purpose": "ENCRYPT_DECRYPT"}).raise_for_status()
    place = RING.rpartition("/")[0]
    asking.post(f"{google.https}/v1/{place}?keyRingId=theirs", json={}).raise_for_status()
    url = f"{google.https}/v1/{place}/theirs/cryptoKeys?cryptoKeyId=images"
    asking.post(url, json={"purpose": "ENCRYPT_DECRYPT"}).raise_for_status()
    sections = applied.original()
    sections["storage"]["bucket"]["create"]["kms"]["create"] = {"name": "theirs"}
    applied.write(sections)
    applied.preview().refused("there is a ring", "with other keys in it", "keyRing")
    ring = f"{place}/theirs"
    sections["storage"]["bucket"]["create"]["kms"]["create"] = {"name": "images", "keyRing": ring}
    applied.write(sections)
    applied.preview().refused("there is a key", "does not bear this stack's labels", "`use`")
    applied.write(applied.original())
    # A stray key beside its own makes nobody else of the stack: the state has the ring.
    applied.unchanged()


def test_down_leaves_the_key(applied: Project) -> None:
    applied.down().ok()
    assert asked(applied.lab, KEY)["primary"]["state"] == "ENABLED"
    code, said = smoke(applied.lab)
    assert code == 0, said
    applied.apply()
    applied.unchanged()
