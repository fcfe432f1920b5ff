"""The lab's Google Cloud is never more forgiving than Google: each rule, asked with its clients."""

import base64
import json
import time
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lab.clouds.google import NUMBER, OTHER, PROJECT, email
from lab.clouds.google.server.access import ROLES
from lab.clouds.google.service import GoogleService

pytestmark = pytest.mark.lab

WHERE = f"projects/{PROJECT}/locations/europe-west1/keyRings"
AGENT = f"service-{NUMBER}@gs-project-accounts.iam.gserviceaccount.com"
USES = "roles/cloudkms.cryptoKeyEncrypterDecrypter"


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoogleService]:
    service = GoogleService(tmp_path_factory.mktemp("google"))
    process = service.start()
    yield service
    process.stop()


@pytest.fixture
def bucket(google: GoogleService, request: pytest.FixtureRequest) -> Iterator[Any]:
    name = f"t-{abs(hash(request.node.name)) % 10**9}"
    made = google.client().create_bucket(name, location="europe-west1")
    yield made
    for each in list(made.list_blobs()):
        each.delete()
    made.delete()


def call(google: GoogleService, method: str, path: str, body: Any = None, **more: Any) -> Any:
    """The answer's status and content, to the owner unless `session` is given."""
    session = more.pop("session", None) or google.session()
    answer = session.request(method, f"{google.https}/{path}", json=body, **more)
    return answer.status_code, answer.json()


def refused(code: int, says: str, answer: Any) -> None:
    assert answer[0] == code and says in answer[1]["error"]["message"], answer


def made_account(google: GoogleService, name: str) -> dict[str, Any]:
    """A service account's key file."""
    body = {"accountId": name, "serviceAccount": {"displayName": name}}
    code, _ = call(google, "POST", f"v1/projects/{PROJECT}/serviceAccounts", body)
    assert code in (200, 409)
    code, key = call(google, "POST", f"v1/{account(name)}/keys", {})
    assert code == 200
    return json.loads(base64.b64decode(key["privateKeyData"]))


def account(name: str) -> str:
    return f"projects/{PROJECT}/serviceAccounts/{email(name)}"


def bind(bucket: Any, role: str, who: str) -> None:
    policy = bucket.get_iam_policy()
    policy.bindings.append({"role": role, "members": {who}})
    bucket.set_iam_policy(policy)


def code_of(function: Any, *arguments: Any, **more: Any) -> int:
    from google.api_core.exceptions import GoogleAPICallError

    with pytest.raises(GoogleAPICallError) as caught:
        function(*arguments, **more)
    return caught.value.code


def test_a_new_bucket_is_what_google_makes(bucket: Any) -> None:
    assert bucket.iam_configuration.public_access_prevention == "inherited"
    assert not bucket.iam_configuration.uniform_bucket_level_access_enabled
    assert bucket.soft_delete_policy.retention_duration_seconds == 7 * 86400
    assert (bucket.location, bucket.storage_class) == ("EUROPE-WEST1", "STANDARD")
    roles = {each["role"] for each in bucket.get_iam_policy().bindings}
    assert "roles/storage.legacyBucketOwner" in roles and roles <= ROLES.keys()


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        ({"name": "Upper"}, 400, "Invalid bucket name"),
        ({"name": "ab"}, 400, "3 to 63"),
        ({"name": "a" * 64}, 400, "3 to 63"),
        ({"name": "has.a.dot"}, 400, "domain"),
        ({"name": "my-google-bucket"}, 400, "for itself"),
        ({"name": "goog-bucket"}, 400, "for itself"),
        ({"name": "fine-name", "location": "atlantis"}, 400, "location constraint"),
        ({"name": "fine-name", "labels": {"Upper": ""}}, 400, "labels"),
        ({"name": "fine-name", "labels": {"a": "ä"}}, 400, "labels"),
        ({"name": "fine-name", "labels": {f"l{n}": "" for n in range(65)}}, 400, "64"),
        ({"name": "fine-name", "softDeletePolicy": {"retentionDurationSeconds": 60}}, 400, "7 to"),
        (
            {"name": "fine-name", "iamConfiguration": {"publicAccessPrevention": "on"}},
            400,
            "publicAccessPrevention",
        ),
        ({"name": "fine-name", "retentionPolicy": {}}, 501, "does not play"),
    ],
)
def test_a_bucket_that_google_does_not_make(
    google: GoogleService, body: dict[str, Any], code: int, says: str
) -> None:
    refused(code, says, call(google, "POST", f"storage/v1/b?project={PROJECT}", body))


ABORT = {"type": "AbortIncompleteMultipartUpload"}


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"action": {"type": "Remove"}, "condition": {"age": 1}}, "action type"),
        ({"action": {"type": "Delete"}, "condition": {}}, "must have a condition"),
        ({"action": {"type": "Delete"}, "condition": {"old": 1}}, "no condition old"),
        (
            # googleapis/python-storage PR 765
            {"action": ABORT, "condition": {"age": 1, "matchesStorageClass": ["STANDARD"]}},
            "no condition matchesStorageClass",
        ),
        ({"action": {"type": "SetStorageClass"}, "condition": {"age": 1}}, "storageClass"),
    ],
)
def test_a_rule_that_google_does_not_take(
    google: GoogleService, bucket: Any, rule: dict[str, Any], says: str
) -> None:
    body = {"lifecycle": {"rule": [rule]}}
    refused(400, says, call(google, "PATCH", f"storage/v1/b/{bucket.name}", body))
    good = {"lifecycle": {"rule": [{"action": ABORT, "condition": {"age": 1}}]}}
    assert call(google, "PATCH", f"storage/v1/b/{bucket.name}", good)[0] == 200


def test_a_patch_takes_off_what_is_null(google: GoogleService, bucket: Any) -> None:
    path = f"storage/v1/b/{bucket.name}"
    call(google, "PATCH", path, {"labels": {"a": "1", "b": "2"}, "logging": {"logBucket": "logs"}})
    _, found = call(google, "PATCH", path, {"labels": {"a": None}, "logging": None})
    assert found["labels"] == {"b": "2"} and "logging" not in found
    refused(501, "location", call(google, "PATCH", path, {"location": "US"}))


def test_a_name_is_one_in_the_world(google: GoogleService, bucket: Any) -> None:
    mine = call(google, "POST", f"storage/v1/b?project={PROJECT}", {"name": bucket.name})
    refused(409, "you already own it", mine)
    others = google.session(json.loads(google.keyfile(OTHER).read_text()))
    path = f"storage/v1/b?project={OTHER}"
    refused(409, "not available", call(google, "POST", path, {"name": bucket.name}, session=others))
    path = f"storage/v1/b/{bucket.name}"
    refused(403, "or it may not exist", call(google, "GET", path, session=others))
    refused(403, "does not have", call(google, "POST", f"storage/v1/b?project={OTHER}", {}))


def test_a_bucket_with_objects_is_not_deleted(bucket: Any) -> None:
    bucket.blob("a").upload_from_string(b"a")
    assert code_of(bucket.delete) == 409


def test_public_members_and_prevention(bucket: Any) -> None:
    bind(bucket, "roles/storage.objectViewer", "allUsers")
    bucket.iam_configuration.public_access_prevention = "enforced"
    bucket.patch()
    with pytest.raises(Exception, match="public access prevention is enforced"):
        bind(bucket, "roles/storage.objectViewer", "allAuthenticatedUsers")


def test_who_is_unknown_reads_what_is_public_and_no_more(
    google: GoogleService, bucket: Any
) -> None:
    import requests

    bucket.blob("a").upload_from_string(b"a")
    url = f"{google.https}/{bucket.name}/a"
    get = {"verify": str(google.authority), "timeout": 5}
    assert requests.get(url, **get).status_code == 401
    bind(bucket, "roles/storage.objectViewer", "allUsers")
    assert requests.get(url, **get).content == b"a"
    bucket.iam_configuration.public_access_prevention = "enforced"
    bucket.patch()
    assert requests.get(url, **get).status_code == 401
    wrong = requests.get(url, headers={"Authorization": "Bearer x"}, **get)
    assert "invalid authentication" in wrong.json()["error"]["message"]


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("roles/storage.objectUser", {"read", "list", "write", "over", "delete"}),
        ("roles/storage.objectViewer", {"read", "list"}),
        ("roles/storage.objectCreator", {"write"}),
        ("roles/storage.legacyBucketReader", {"list", "look"}),
        ("roles/storage.legacyObjectReader", {"read"}),
        ("roles/storage.admin", {"read", "list", "write", "over", "delete", "look", "policy"}),
    ],
)
def test_what_a_role_lets_one_do(
    google: GoogleService, bucket: Any, role: str, may: set[str]
) -> None:
    from google.api_core.exceptions import Forbidden

    keyfile = made_account(google, "judged-account")
    bucket.blob("a").upload_from_string(b"a")
    mine = google.client(keyfile).bucket(bucket.name)
    calls = {
        "read": mine.blob("a").download_as_bytes,
        "list": lambda: list(mine.list_blobs()),
        "write": lambda: mine.blob("b").upload_from_string(b"b"),
        "over": lambda: mine.blob("a").upload_from_string(b"a"),
        "look": mine.reload,
        "policy": mine.get_iam_policy,
        "delete": lambda: mine.blob("a").delete(),
    }

    def allowed() -> set[str]:
        found = set()
        for name, each in calls.items():
            try:
                each()
            except Forbidden:
                continue
            found.add(name)
        return found

    assert allowed() == set()
    bind(bucket, role, f"serviceAccount:{email('judged-account')}")
    assert allowed() == may


def test_a_member_has_to_exist_and_a_role_to_be_one(bucket: Any) -> None:
    with pytest.raises(Exception, match="does not exist"):
        bind(bucket, "roles/storage.objectViewer", f"serviceAccount:{email('nobody-there')}")
    with pytest.raises(Exception, match="role is not supported"):
        bind(bucket, "roles/viewer", "allUsers")


def test_two_writers_do_not_undo_each_others_policy(google: GoogleService, bucket: Any) -> None:
    path = f"storage/v1/b/{bucket.name}/iam"
    _, first = call(google, "GET", path)
    bind(bucket, "roles/storage.objectViewer", "allUsers")
    refused(412, "pre-conditions", call(google, "PUT", path, first))


def claim(keyfile: dict[str, Any], **changes: Any) -> str:
    from google.auth import crypt, jwt

    now = int(time.time())
    payload = {
        "iss": keyfile["client_email"],
        "aud": "https://oauth2.googleapis.com/token",
        "iat": now,
        "exp": now + 3600,
        "scope": "https://www.googleapis.com/auth/devstorage.full_control",
        **changes,
    }
    return jwt.encode(crypt.RSASigner.from_service_account_info(keyfile), payload).decode()


def exchange(google: GoogleService, assertion: str, **changes: str) -> tuple[int, str]:
    import requests

    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    answer = requests.post(
        f"{google.https}/token", data={**form, **changes}, verify=str(google.authority), timeout=5
    )
    return answer.status_code, answer.text


def test_a_token_is_for_who_has_a_key_of_now(google: GoogleService) -> None:
    mine, other = made_account(google, "has-a-key"), made_account(google, "has-another")
    assert exchange(google, claim(mine))[0] == 200
    now = int(time.time())
    wrong = {
        "of another's key": claim({**mine, "private_key": other["private_key"]}),
        "of no account": claim({**mine, "client_email": email("nobody-there")}),
        "for another place": claim(mine, aud="https://example.com/token"),
        "of yesterday": claim(mine, iat=now - 90000, exp=now - 86400),
        "for a day": claim(mine, exp=now + 86400),
        "no JWT": "x.y",
    }
    for what, assertion in wrong.items():
        code, said = exchange(google, assertion)
        assert code == 400 and "invalid_grant" in said, what
    assert exchange(google, claim(mine), grant_type="password")[0] == 400
    path = f"v1/{account('has-a-key')}/keys/{mine['private_key_id']}"
    assert call(google, "DELETE", path)[0] == 200
    assert exchange(google, claim(mine))[0] == 400


def test_a_signed_url_opens_one_object_until_it_expires(google: GoogleService, bucket: Any) -> None:
    import requests
    from google.oauth2.service_account import Credentials

    keyfile = made_account(google, "signs-urls")
    bucket.blob("a").upload_from_string(b"a")
    bucket.blob("b").upload_from_string(b"b")
    signer = Credentials.from_service_account_info(keyfile)
    ask = {"verify": str(google.authority), "timeout": 5}

    def url(seconds: int, version: str = "v2") -> str:
        signed = google.client(keyfile).bucket(bucket.name).blob("a")
        until = timedelta(seconds=seconds)
        given = {"version": version, "expiration": until, "credentials": signer}
        return signed.generate_signed_url(**given, api_access_endpoint=google.https)

    assert requests.get(url(60), **ask).status_code == 403  # signed, and not allowed
    bind(bucket, "roles/storage.objectUser", f"serviceAccount:{email('signs-urls')}")
    assert requests.get(url(60), **ask).content == b"a"
    assert requests.get(url(60).replace("/a?", "/b?"), **ask).status_code == 403
    assert requests.get(url(-60), **ask).status_code == 400
    assert requests.get(url(60, "v4"), **ask).status_code == 501


def test_accounts_and_their_keys(google: GoogleService) -> None:
    accounts = f"v1/projects/{PROJECT}/serviceAccounts"
    for name in ("short", "Upper-case", "a" * 31, "ends-with-"):
        refused(400, "Invalid account ID", call(google, "POST", accounts, {"accountId": name}))
    made_account(google, "made-twice")
    again = call(google, "POST", accounts, {"accountId": "made-twice"})
    refused(409, "already exists", again)
    for _ in range(9):
        call(google, "POST", f"v1/{account('made-twice')}/keys", {})
    refused(412, "Precondition", call(google, "POST", f"v1/{account('made-twice')}/keys", {}))
    _, found = call(google, "GET", f"v1/{account('made-twice')}/keys")
    assert len(found["keys"]) == 10 and "privateKeyData" not in str(found)
    body = {"serviceAccount": {"email": "x"}, "updateMask": "email"}
    refused(400, "can't be updated", call(google, "PATCH", f"v1/{account('made-twice')}", body))
    assert call(google, "DELETE", f"v1/{account('made-twice')}")[0] == 200
    refused(404, "Unknown service account", call(google, "GET", f"v1/{account('made-twice')}"))
    other = f"v1/projects/{OTHER}/serviceAccounts"
    refused(403, "does not have", call(google, "POST", other, {"accountId": "in-another"}))


def test_projects_that_one_may_not_see(google: GoogleService) -> None:
    code, found = call(google, "GET", f"v1/projects/{PROJECT}")
    assert (code, found["projectNumber"]) == (200, NUMBER)
    for name in (OTHER, "there-is-none"):
        refused(403, "does not have permission", call(google, "GET", f"v1/projects/{name}"))


def key(google: GoogleService, ring: str, name: str, **more: Any) -> Any:
    call(google, "POST", f"v1/{WHERE}?keyRingId={ring}", {})
    body = {"purpose": "ENCRYPT_DECRYPT", **more}
    return call(google, "POST", f"v1/{WHERE}/{ring}/cryptoKeys?cryptoKeyId={name}", body)


def test_rings_and_keys(google: GoogleService) -> None:
    assert key(google, "ring", "images")[0] == 200
    refused(409, "already exists", call(google, "POST", f"v1/{WHERE}?keyRingId=ring", {}))
    refused(409, "already exists", key(google, "ring", "images"))
    refused(400, "does not match", key(google, "ring", "a.b"))
    refused(400, "24", key(google, "ring", "fast", rotationPeriod="60s", nextRotationTime="x"))
    refused(400, "nextRotationTime", key(google, "ring", "fast", rotationPeriod="86400s"))
    refused(404, "not found", call(google, "GET", f"v1/{WHERE}/none"))
    refused(404, "not found", call(google, "GET", f"v1/{WHERE}/ring/cryptoKeys/none"))
    path = f"v1/{WHERE}/ring/cryptoKeys/images"
    refused(400, "purpose", call(google, "PATCH", f"{path}?updateMask=purpose", {"purpose": "x"}))
    body = {"policy": {"bindings": [{"role": USES, "members": ["serviceAccount:x@y.z"]}]}}
    refused(400, "does not exist", call(google, "POST", f"{path}:setIamPolicy", body))


def test_a_bucket_gets_a_key_that_cloud_storage_may_use(google: GoogleService) -> None:
    key(google, "storage", "images")
    name = f"{WHERE}/storage/cryptoKeys/images"
    buckets = f"storage/v1/b?project={PROJECT}"
    body = {
        "name": "with-a-key",
        "location": "europe-west1",
        "encryption": {"defaultKmsKeyName": name},
    }
    refused(403, "Permission denied on Cloud KMS key", call(google, "POST", buckets, body))
    grant = {"bindings": [{"role": USES, "members": [f"serviceAccount:{AGENT}"]}]}
    assert call(google, "POST", f"v1/{name}:setIamPolicy", {"policy": grant})[0] == 200
    far = {**deepcopy(body), "location": "US"}
    refused(400, "not available in the location US", call(google, "POST", buckets, far))
    assert call(google, "POST", buckets, body)[0] == 200
    blob = google.client().bucket("with-a-key").blob("a")
    blob.upload_from_string(b"a")
    assert blob.kms_key_name == f"{name}/cryptoKeyVersions/1"


def test_uploads_in_pieces(bucket: Any) -> None:
    blob = bucket.blob("a", chunk_size=262144)
    blob.upload_from_string(b"0123456789" * 100_000)
    assert bucket.blob("a").download_as_bytes(start=10, end=19) == b"0123456789"
    assert blob.size == 1_000_000


def test_nothing_secret_is_told_by_the_log(google: GoogleService) -> None:
    keyfile = made_account(google, "not-in-the-log")
    assert exchange(google, claim(keyfile))[0] == 200
    said = (google.directory / "logs" / "google.log").read_text()
    assert "POST /token" in said and "ya29" not in said and "PRIVATE" not in said


def test_what_a_stack_refers_to_is_there(tmp_path: Path) -> None:
    storage = {
        "region": "europe-west1",
        "bucket": {
            "adopt": {
                "name": "there-before",
                "kms": {"use": {"keyName": f"{WHERE}/r/cryptoKeys/k"}},
                "logging": {"logBucket": "for-the-logs"},
            }
        },
    }
    service = GoogleService(tmp_path / "google", storage)
    process = service.start()
    try:
        names = {each.name for each in service.client().list_buckets()}
        assert names == {"there-before", "for-the-logs"}
        assert call(service, "GET", f"v1/{WHERE}/r/cryptoKeys/k")[0] == 200
        assert list(service.client().list_blobs("there-before"))
    finally:
        process.stop()
    assert GoogleService.at(tmp_path / "google") and GoogleService.at(tmp_path / "no") is None
