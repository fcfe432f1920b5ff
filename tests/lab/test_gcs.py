"""The stack lab-gcs: a bucket of its own, read back from the service that has it."""

import base64
import json
import re
from collections.abc import Iterator

import pytest

from lab import kinds
from lab.clouds.google import OTHER, email
from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.conftest import LabOf
from tests.lab.gcs_project import (
    NAMESPACE,
    SECRET,
    account,
    as_user,
    asked,
    code,
    keys_of,
    live_keyfile,
    owner,
    roles,
    service,
)
from tests.lab.project import Project, Ran, config, get, storage
from tests.lab.test_registry import smoke

pytestmark = pytest.mark.lab

BUCKET, ACCOUNT = "registry-of-lab-gcs", "lab-gcs-x7k2p-registry"
NO_CHANGES = "--expect-no-changes"
MEND = ("--refresh", "--run-program")
READER, USER = "roles/storage.legacyBucketReader", "roles/storage.objectUser"


@pytest.fixture(scope="module")
def applied(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Applied to a cluster as installed; each test leaves it as found."""
    project = Project(tmp_path_factory.mktemp("lab-gcs"), lab_of("4.15", "lab-gcs"))
    said = [project.preview("--diff").ok().output, project.up("--diff").ok().output]
    hidden(live_keyfile(project.lab), *said)
    yield project


def hidden(keyfile: dict[str, str], *texts: str) -> None:
    """No line of the private key, nor the file in base64, once or twice, is in these."""
    lines = [each for each in keyfile["private_key"].splitlines() if len(each) > 40]
    whole = json.dumps(keyfile, indent=2).encode()
    once = base64.b64encode(whole)
    for form in (*lines[1:4], once.decode()[900:960], base64.b64encode(once).decode()[900:960]):
        assert not any(form in text for text in texts)


def one_changed(ran: Ran) -> None:
    ran.ok()
    assert re.search(r"~ 1 updated", ran.output), ran
    assert not re.search(r"created|deleted|replaced", ran.output.split("Resources:")[1]), ran


def test_the_bucket_is_closed_and_cleaned(applied: Project) -> None:
    bucket = owner(applied.lab).get_bucket(BUCKET)
    assert bucket.location == "EUROPE-WEST1"
    assert bucket.iam_configuration.public_access_prevention == "enforced"
    assert bucket.iam_configuration.uniform_bucket_level_access_enabled
    assert list(bucket.lifecycle_rules) == [
        {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 1}}
    ]
    assert bucket.soft_delete_policy.retention_duration_seconds == 0
    assert not bucket.versioning_enabled and bucket.default_kms_key_name is None
    assert bucket.labels == {
        "managed-by": "openshift-registry",
        "openshift-registry-cluster": "lab-gcs",
    }


def test_the_key_opens_this_bucket_and_no_other(applied: Project) -> None:
    other = owner(applied.lab).create_bucket("the-neighbours", location="EUROPE-WEST1")
    other.blob("a").upload_from_string(b"a")
    mine = as_user(applied.lab, live_keyfile(applied.lab))
    bucket = mine.get_bucket(BUCKET)  # as the operator looks for it
    bucket.blob("a").upload_from_string(b"a")
    assert bucket.blob("a").download_as_bytes() == b"a"
    assert "a" in [each.name for each in mine.list_blobs(BUCKET)]
    bucket.blob("a").delete()
    neighbour = mine.bucket("the-neighbours")
    refused = {
        "its objects": code(neighbour.blob("a").download_as_bytes),
        "its names": code(lambda: list(mine.list_blobs("the-neighbours"))),
        "writing": code(neighbour.blob("b").upload_from_string, b""),
        "the bucket": code(neighbour.reload),
        "all buckets": code(lambda: list(mine.list_buckets())),
        "a new one": code(mine.create_bucket, "another-of-the-registry"),
        "who may what": code(bucket.get_iam_policy),
        "what is set": code(bucket.patch),
        "deleting it": code(bucket.delete),
    }
    assert refused == dict.fromkeys(refused, 403)
    google = service(applied.lab)
    for path in (f"{account(ACCOUNT)}/keys", account(ACCOUNT)):
        asking = google.session(live_keyfile(applied.lab))
        assert asking.get(f"{google.https}/v1/{path}").status_code == 403
    other.blob("a").delete()
    other.delete()


def test_the_roles_are_bound_on_the_bucket_alone(applied: Project) -> None:
    assert roles(applied.lab, BUCKET, ACCOUNT) == {READER, USER}
    assert not asked(applied.lab, f"{account(ACCOUNT)}:getIamPolicy", "POST").get("bindings")
    policy = owner(applied.lab).bucket(BUCKET).get_iam_policy()
    kinds = {who.partition(":")[0] for each in policy.bindings for who in each["members"]}
    assert kinds == {"projectEditor", "projectOwner", "projectViewer", "serviceAccount"}


def test_the_registry_is_pointed_at_it(applied: Project) -> None:
    """Guide 3.2.3."""
    conditions = settle(applied.lab, say)
    assert healthy(conditions), conditions
    assert storage(applied.lab) == {
        "managementState": "Unmanaged",
        "gcs": {"bucket": BUCKET, "region": "europe-west1", "projectID": "platform-shared"},
    }
    assert config(applied.lab)["spec"]["replicas"] == 2


def test_an_image_goes_in_and_comes_out(applied: Project) -> None:
    """With the account's own rights, and by URLs that it signs; nothing that prunes may be left to
    be billed for."""
    settle(applied.lab, say)
    code, said = smoke(applied.lab)
    assert code == 0 and "warning" not in said, said
    names = [each.name for each in owner(applied.lab).list_blobs(BUCKET)]
    assert any(each.startswith("docker/registry/v2/blobs/") for each in names)
    log = service(applied.lab).directory / "logs" / "google.log"
    assert re.search(r"GET /\S+/data\?Expires=\S+&Signature=\S+ HTTP\S+ 200", log.read_text())
    assert list(owner(applied.lab).list_blobs(BUCKET, soft_deleted=True)) == []


def test_again_changes_nothing_also_after_a_refresh(applied: Project) -> None:
    applied.again("up again:")
    applied.refresh(NO_CHANGES).ok("refresh:")
    applied.preview(NO_CHANGES).ok("preview after it:").clean()


def test_one_change_changes_one_resource(applied: Project) -> None:
    sections = applied.original()
    sections["storage"]["bucket"]["create"]["labels"] = {"team": "platform"}
    applied.write(sections)
    one_changed(applied.apply())
    assert owner(applied.lab).get_bucket(BUCKET).labels["team"] == "platform"
    applied.write(applied.original())
    one_changed(applied.apply())
    assert "team" not in owner(applied.lab).get_bucket(BUCKET).labels


def test_drift_is_seen_and_put_right(applied: Project) -> None:
    bucket = owner(applied.lab).get_bucket(BUCKET)
    bucket.iam_configuration.public_access_prevention = "inherited"
    bucket.clear_lifecycle_rules()
    bucket.add_lifecycle_delete_rule(age=30)
    bucket.patch()
    policy = bucket.get_iam_policy()
    policy.bindings = [each for each in policy.bindings if each["role"] != USER]
    bucket.set_iam_policy(policy)
    code, found = applied.drift()
    assert code == 4
    assert {"Bucket publicAccessPrevention", "BucketIAMMember gone"} <= set(found)
    seen = applied.preview("--refresh", "--diff").ok().output
    assert "publicAccessPrevention" in seen and "lifecycleRules" in seen
    assert re.search(rf"gcp:storage:BucketIAMMember {ACCOUNT}-objectUser create", seen) or (
        "+ gcp:storage/bucketIAMMember:BucketIAMMember" in seen
    )
    applied.up(*MEND).ok()
    bucket.reload()
    assert bucket.iam_configuration.public_access_prevention == "enforced"
    assert [each["action"]["type"] for each in bucket.lifecycle_rules] == [
        "AbortIncompleteMultipartUpload"
    ]
    assert roles(applied.lab, BUCKET, ACCOUNT) == {READER, USER}
    applied.unchanged()


def test_a_label_that_was_taken_off_is_put_back(applied: Project) -> None:
    """Without its mark the bucket is still this stack's: the state has it."""
    bucket = owner(applied.lab).get_bucket(BUCKET)
    bucket.labels = {}
    bucket.patch()
    applied.unchanged()
    applied.up(*MEND).ok()
    assert "managed-by" in owner(applied.lab).get_bucket(BUCKET).labels


def test_a_new_key_is_there_before_the_old_one_goes(applied: Project) -> None:
    """And the registry runs with it as soon as the run has ended."""
    before = live_keyfile(applied.lab)
    sections = applied.original()
    sections["storage"]["credentials"]["create"] = {"rotation": "2026-12"}
    applied.write(sections)
    plan = applied.preview("--diff").ok().output
    ran = applied.up().ok()
    code, said = smoke(applied.lab)
    assert code == 0, said
    after = live_keyfile(applied.lab)
    assert before["private_key_id"] != after["private_key_id"]
    order = re.findall(r"(Key|:Secret) \S+ (created|updated|deleted)", ran.output)
    assert order == [("Key", "created"), (":Secret", "updated"), ("Key", "deleted")]
    assert "the registry runs with the new access key" in ran.output
    assert keys_of(applied.lab, ACCOUNT) == [after["private_key_id"]]
    applied.unchanged()
    for keyfile in (before, after):
        hidden(keyfile, plan, ran.output, applied.raw_state())
    applied.write(applied.original())
    applied.apply()
    assert len(keys_of(applied.lab, ACCOUNT)) == 1


def test_the_private_key_is_nowhere(applied: Project) -> None:
    said = [
        applied.preview("--logtostderr", "-v=9").output,
        applied.preview("--json").output,
        applied.pulumi("stack", "export", "--stack", applied.stack).output,
        applied.pulumi("stack", "output", "--json", "--stack", applied.stack).output,
        applied.raw_state(),
        *(path.read_text() for path in (applied.lab.directory / "logs").glob("*.log")),
        *(path.read_text() for path in service(applied.lab).directory.glob("logs/*.log")),
    ]
    assert any(ACCOUNT in text for text in said)
    hidden(live_keyfile(applied.lab), *said)


def test_down_leaves_bucket_key_and_images(applied: Project) -> None:
    keyfile = live_keyfile(applied.lab)
    owner(applied.lab).bucket(BUCKET).blob("image").upload_from_string(b"image")
    before = get(applied.lab, kinds.Secret, SECRET, NAMESPACE)["metadata"]["resourceVersion"]
    applied.down().ok()
    assert live_keyfile(applied.lab) == keyfile
    bucket = as_user(applied.lab, keyfile).get_bucket(BUCKET)
    assert bucket.blob("image").download_as_bytes() == b"image"
    assert bucket.iam_configuration.public_access_prevention == "enforced"
    assert storage(applied.lab)["gcs"]["bucket"] == BUCKET
    assert healthy(settle(applied.lab, say))
    code, said = smoke(applied.lab)
    assert code == 0, said
    applied.apply()
    after = get(applied.lab, kinds.Secret, SECRET, NAMESPACE)["metadata"]["resourceVersion"]
    assert (live_keyfile(applied.lab), after) == (keyfile, before)
    applied.unchanged()


def test_a_plain_destroy_is_refused(applied: Project) -> None:
    applied.pulumi("destroy", "--yes", "--stack", applied.stack).refused("protected")
    assert owner(applied.lab).get_bucket(BUCKET)


def test_another_project_is_refused_at_preview(applied: Project) -> None:
    sections = applied.original()
    sections["storage"]["projectID"] = OTHER
    applied.write(sections)
    for ran in (applied.preview(), applied.up("--skip-preview")):
        ran.refused(f"storage.projectID: {OTHER}: this login reaches no such project")
    applied.write(applied.original())


def test_another_region_is_refused_at_preview(applied: Project) -> None:
    sections = applied.original()
    sections["storage"]["region"] = "europe-west4"
    applied.write(sections)
    applied.preview().refused(
        f"storage.region: europe-west4: the bucket {BUCKET} is in EUROPE-WEST1"
    )
    applied.write(applied.original())


def test_what_others_have_is_refused_at_preview(applied: Project) -> None:
    """A bucket of this project, one of another, and a service account."""
    theirs = owner(applied.lab).create_bucket("made-by-somebody", location="EUROPE-WEST1")
    google, secret = (
        service(applied.lab),
        json.loads(service(applied.lab).keyfile(OTHER).read_text()),
    )
    far = google.client(secret, OTHER).create_bucket("far-away-bucket", location="EUROPE-WEST1")
    sections = applied.original()
    sections["storage"]["replaces"] = {"gcs": {"bucket": BUCKET}}
    for name, told in [
        (theirs.name, "it does not bear this stack's labels"),
        (far.name, "could not be asked what is there already"),
    ]:
        sections["storage"]["bucket"]["create"]["name"] = name
        applied.write(sections)
        for ran in (applied.preview(), applied.up("--skip-preview")):
            ran.refused(told)
    body = {"accountId": "of-somebody-else", "serviceAccount": {"displayName": "theirs"}}
    asked(applied.lab, "projects/platform-shared/serviceAccounts", "POST", body)
    sections = applied.original()
    sections["storage"]["credentials"] = {"create": {"accountId": "of-somebody-else"}}
    applied.write(sections)
    applied.preview().refused("there is a service account of-somebody-else", "not this stack's")
    applied.write(applied.original())
    far.delete()
    theirs.delete()
    assert len(keys_of(applied.lab, ACCOUNT)) == 1
    # Of what was refused the state has an empty component.
    applied.apply()
    applied.unchanged()


def test_a_state_that_was_lost_finds_bucket_and_account(applied: Project) -> None:
    """Both are taken up by their names; a key can't be, and stays until somebody deletes it."""
    old = live_keyfile(applied.lab)
    applied.forget()
    ran = applied.up().ok()
    assert re.search(rf"= +gcp:storage:Bucket {BUCKET} import", ran.output), ran
    assert re.search(rf"= +gcp:serviceaccount:Account {ACCOUNT} import", ran.output), ran
    new = live_keyfile(applied.lab)
    assert new["private_key_id"] != old["private_key_id"]
    assert new["client_email"] == email(ACCOUNT)
    command = f"gcloud iam service-accounts keys delete {old['private_key_id']}"
    assert command in ran.output
    asked(applied.lab, f"{account(ACCOUNT)}/keys/{old['private_key_id']}", "DELETE")
    applied.unchanged()
    assert healthy(settle(applied.lab, say))
