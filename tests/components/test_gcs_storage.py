"""What is declared in Google Cloud, with a project in which nothing is yet, and with one that has
some."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from components import new_key
from components.gcp.names import account_id, display_name, labels
from settings.credentials import KEYFILE, SECRET_NAME
from settings.facts import LiveFacts, SecretFacts
from tests.components.conftest import SECRET, OnCloud, Recorder
from tests.components.declared import Declared
from tests.components.test_credential_secret import unmarked
from tests.settings.cases_gcs import EMAIL, GIVEN, KEY, NAME, PROVIDER, RING, bucket, storage

PROJECT, NUMBER = "platform-shared", "123456789012"
ACCOUNT = "prod-1-x7k2p-registry"
OWN_EMAIL = f"{ACCOUNT}@{PROJECT}.iam.gserviceaccount.com"
MADE = "projects/platform-shared/locations/europe-west1/keyRings/{0}/cryptoKeys/{0}"
OWN_KEY = MADE.format("prod-1-x7k2p-image-registry")
CANARY = "CANARY-private-key"
AGENT = f"service-{NUMBER}@gs-project-accounts.iam.gserviceaccount.com"
UNSEEN = {"refused": f'the user does not have permission to access Project "{PROJECT}" or it may'}
NOT_FOUND = "googleapi: Error 404: not found, notFound"


@dataclass
class Project(Recorder):
    """Google Cloud as the plugin tells it: `there` is what its data functions find."""

    there: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)
    refused: str = ""

    def call(self, args: mocks.MockCallArgs) -> Any:
        name = args.token.rpartition(":")[2]
        self.asked.append(name)
        self.told[name] = args.args
        found = {
            "getProject": {"number": NUMBER, "projectId": PROJECT},
            "getProjectServiceAccount": {"emailAddress": AGENT},
            **self.there,
        }
        if self.refused:
            return {}, [("", self.refused)]
        if found.get(name) is None or "refused" in found[name]:
            return {}, [("", (found.get(name) or {}).get("refused", NOT_FOUND))]
        return found[name]

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        identifier, state = super().new_resource(args)
        if args.typ.endswith(":Key"):
            text = json.dumps({"type": "service_account", "private_key": CANARY})
            state |= {"privateKey": base64.b64encode(text.encode()).decode()}
            state |= {"name": f"projects/{PROJECT}/serviceAccounts/{OWN_EMAIL}/keys/0815"}
        return identifier, state


Declare = Callable[..., Declared[Project]]


@pytest.fixture
def declare(on_cloud: OnCloud) -> Declare:
    def run(
        live: LiveFacts | None = None, project: Project | None = None, **changes: Any
    ) -> Declared[Project]:
        return on_cloud("gcp", project or Project(), storage(**changes), live)

    return run


def live_bucket(**more: Any) -> dict[str, Any]:
    return {
        "name": NAME,
        "projectNumber": int(NUMBER),
        "location": "EUROPE-WEST1",
        "labels": {},
        "effectiveLabels": {},
        **more,
    }


OURS = {"effectiveLabels": labels("prod-1")}


def test_a_bucket_that_is_closed_and_cleaned_and_an_account(declare: Declare) -> None:
    made = declare()
    assert made.kinds() == ["Account", "Bucket", *["BucketIAMMember"] * 2, "Key"]
    assert made.one("Bucket") == {
        "name": NAME,
        "project": PROJECT,
        "location": "EUROPE-WEST1",
        "uniformBucketLevelAccess": True,
        "publicAccessPrevention": "enforced",
        "forceDestroy": False,
        "deletionPolicy": "PREVENT",
        "softDeletePolicy": {"retentionDurationSeconds": 0},
        "lifecycleRules": [
            {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 1}}
        ],
        "labels": labels("prod-1"),
    }


def test_the_provider_is_of_one_project(declare: Declare) -> None:
    (made,) = [each for each in declare().cloud.made if each.typ == "pulumi:providers:gcp"]
    assert made.inputs["project"] == PROJECT
    assert made.inputs["addPulumiAttributionLabel"] == "false"


def test_the_account_may_use_this_bucket_and_nothing_else(declare: Declare) -> None:
    made = declare()
    assert made.one("Account") == {
        "accountId": ACCOUNT,
        "project": PROJECT,
        "displayName": display_name("prod-1"),
    }
    who = {"bucket": NAME, "member": f"serviceAccount:{OWN_EMAIL}"}
    assert made.every("BucketIAMMember") == [
        {**who, "role": "roles/storage.legacyBucketReader"},
        {**who, "role": "roles/storage.objectUser"},
    ]


def test_an_account_of_a_domains_project(declare: Declare) -> None:
    made = declare(projectID="example.com:images")
    member = made.every("BucketIAMMember")[0]["member"]
    assert member == f"serviceAccount:{ACCOUNT}@images.example.com.iam.gserviceaccount.com"


def test_the_mark_of_an_account_fits_whatever_the_clusters_name() -> None:
    assert len(display_name("x" * 63)) <= 100


@pytest.mark.parametrize(
    ("infrastructure", "name"),
    [
        ("prod-1-x7k2p", "prod-1-x7k2p-registry"),
        ("a-cluster-of-21-letter-x7k2p", "a-cluster-of-21-letter-x7k2p-r"),
        ("a-cluster-of-22-letters-x7k2p", "a-cluster-of-22-letters-x7k2p"),
    ],
)
def test_a_name_of_an_account_is_cut(infrastructure: str, name: str) -> None:
    assert account_id(infrastructure) == name


def test_what_holds_images_is_protected_and_all_of_it_is_kept(declare: Declare) -> None:
    options = declare(bucket=bucket(kms={"create": {}})).options
    for kind in ("Bucket", "CryptoKey", "Secret"):
        assert options[kind].protect and options[kind].retain_on_delete, kind
    for kind in ("Account", "BucketIAMMember", "KeyRing", "CryptoKeyIAMMember"):
        assert options[kind].retain_on_delete, kind
    # It has to be deleted when it is rotated; the secret that holds it keeps it.
    assert not options["Key"].retain_on_delete and not options["Key"].protect


def test_the_key_file_is_raw_json_and_secret_from_birth(
    declare: Declare, request: pytest.FixtureRequest
) -> None:
    made = declare()
    secret = next(each for each in made.cloud.made if each.name == SECRET_NAME).inputs
    assert secret["data"][SECRET]
    if "update" in request.node.callspec.id:
        (text,) = secret["data"]["value"].values()
        assert json.loads(base64.b64decode(text))["private_key"] == CANARY
    hidden = [CANARY, base64.b64encode(CANARY.encode()).decode()[:12]]
    for each in made.cloud.made:
        assert unmarked(each.inputs, hidden) == []


def test_the_custom_resource(declare: Declare) -> None:
    """Guide 3.2.3."""
    spec = declare().one("ConfigPatch")["spec"]
    assert spec["storage"] == {
        "managementState": "Unmanaged",
        "gcs": {"bucket": NAME, "region": "europe-west1", "projectID": PROJECT},
    }
    spec = declare(bucket=bucket(kms={"create": {}})).one("ConfigPatch")["spec"]
    assert spec["storage"]["gcs"]["keyID"] == OWN_KEY


def test_a_key_rotates_and_cloud_storage_may_use_it(declare: Declare) -> None:
    made = declare(bucket=bucket(kms={"create": {}}))
    assert made.one("KeyRing") == {
        "name": "prod-1-x7k2p-image-registry",
        "location": "europe-west1",
        "project": PROJECT,
    }
    assert made.one("CryptoKey") == {
        "name": "prod-1-x7k2p-image-registry",
        "keyRing": OWN_KEY.partition("/cryptoKeys/")[0],
        "purpose": "ENCRYPT_DECRYPT",
        "rotationPeriod": "7776000s",
        "destroyScheduledDuration": "2592000s",
        "deletionPolicy": "PREVENT",
        "labels": labels("prod-1"),
    }
    assert made.one("CryptoKeyIAMMember") == {
        "cryptoKeyId": OWN_KEY,
        "member": f"serviceAccount:{AGENT}",
        "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
    }
    assert made.one("Bucket")["encryption"] == {"defaultKmsKeyName": OWN_KEY}
    order = [each.typ.rpartition(":")[2] for each in made.cloud.made]
    assert order.index("CryptoKeyIAMMember") < order.index("Bucket")


def test_a_key_in_the_eu_is_in_europe(declare: Declare) -> None:
    made = declare(bucket=bucket(kms={"create": {"name": "images"}}), region="EU")
    assert made.one("KeyRing")["location"] == "europe"
    assert made.one("Bucket")["location"] == "EU"


def test_a_key_in_a_ring_that_exists(declare: Declare) -> None:
    wanted = bucket(kms={"create": {"keyRing": RING, "name": "prod-1"}})
    with pytest.raises(pulumi.RunError, match="there is no such ring"):
        declare(bucket=wanted)
    made = declare(project=Project(there={"getKMSKeyRing": {"id": RING}}), bucket=wanted)
    assert made.one("CryptoKey")["keyRing"] == RING
    assert "KeyRing" not in made.kinds()


def test_a_key_of_others_is_only_opened_to_cloud_storage(declare: Declare) -> None:
    made = declare(bucket=bucket(kms={"use": {"keyName": KEY}}))
    assert "CryptoKey" not in made.kinds() and "KeyRing" not in made.kinds()
    assert made.one("CryptoKeyIAMMember")["cryptoKeyId"] == KEY
    assert made.one("ConfigPatch")["spec"]["storage"]["gcs"]["keyID"] == KEY


def test_versions_logs_labels_and_soft_delete(declare: Declare) -> None:
    made = declare(
        bucket=bucket(
            versioning=True,
            lifecycle={"noncurrentVersionExpirationDays": 30},
            softDeleteDays=7,
            logging={"logBucket": "logs"},
            labels={"team": "one"},
        )
    ).one("Bucket")
    assert made["versioning"] == {"enabled": True}
    assert made["lifecycleRules"][1] == {
        "action": {"type": "Delete"},
        "condition": {"daysSinceNoncurrentTime": 30, "withState": "ARCHIVED"},
    }
    assert made["softDeletePolicy"] == {"retentionDurationSeconds": 7 * 24 * 60 * 60}
    assert made["logging"] == {"logBucket": "logs", "logObjectPrefix": NAME}
    assert made["labels"] == {"team": "one", **labels("prod-1")}


def test_an_adopted_bucket_is_imported_and_written_where_it_says_so(declare: Declare) -> None:
    project = Project(there={"getBucket": live_bucket()})
    made = declare(project=project, bucket=bucket("adopt", softDeleteDays=0))
    options = made.options["Bucket"]
    assert options.import_ == NAME and options.protect
    left = {"labels", "lifecycleRules", "logging", "versioning", "encryption", "website", "cors"}
    assert left <= set(options.ignore_changes) and "softDeletePolicy" not in options.ignore_changes
    bucket_ = made.one("Bucket")
    assert bucket_["publicAccessPrevention"] == "enforced"
    assert not {"labels", "lifecycleRules", "versioning"} & bucket_.keys()


def test_only_the_account_is_made_for_a_bucket_that_is_used(declare: Declare) -> None:
    project = Project(there={"getBucket": live_bucket()})
    made = declare(project=project, bucket=bucket("use"))
    assert made.kinds() == ["Account", *["BucketIAMMember"] * 2, "Key"]


def test_an_identity_is_made_without_a_key(declare: Declare) -> None:
    made = declare(credentials={"workloadIdentity": {"create": {"provider": PROVIDER}}})
    assert made.kinds() == ["Account", "Bucket", *["BucketIAMMember"] * 2, *["IAMMember"] * 2]
    pool = PROVIDER.partition("/providers/")[0]
    who = f"principal://iam.googleapis.com/{pool}/subject/system:serviceaccount"
    for each, name in zip(
        made.every("IAMMember"), ("cluster-image-registry-operator", "registry"), strict=True
    ):
        assert each["member"] == f"{who}:openshift-image-registry:{name}"
        assert each["role"] == "roles/iam.workloadIdentityUser"
    assert identity_of(made)["service_account_impersonation_url"].endswith(
        f"/serviceAccounts/{OWN_EMAIL}:generateAccessToken"
    )
    assert made.options["Secret"].protect


def identity_of(made: Declared) -> dict[str, Any]:
    secret = next(each for each in made.cloud.made if each.name == SECRET_NAME).inputs
    assert secret["data"]["value"].keys() == {KEYFILE}
    found = json.loads(base64.b64decode(secret["data"]["value"][KEYFILE]))
    assert found["type"] == "external_account"
    assert found["audience"] == f"//iam.googleapis.com/{PROVIDER}"
    token = "/var/run/secrets/openshift/serviceaccount/token"
    assert found["credential_source"] == {"file": token, "format": {"type": "text"}}
    return found


def test_a_key_file_that_is_given_is_written_as_it_is(declare: Declare) -> None:
    text = '{"type": "service_account", "private_key": "CANARY"}\n'
    made = declare(bucket=bucket("use"), credentials={"given": {KEYFILE: text}})
    secret = next(each for each in made.cloud.made if each.name == SECRET_NAME).inputs
    assert secret["data"]["value"].keys() == {KEYFILE}
    assert base64.b64decode(secret["data"]["value"][KEYFILE]).decode() == text
    assert unmarked(secret, ["CANARY", base64.b64encode(b"CANARY").decode()]) == []


USED_IDENTITY = {"workloadIdentity": {"use": {"provider": PROVIDER, "serviceAccount": EMAIL}}}


def test_an_identity_that_is_used_is_let_into_a_bucket_that_is_made(declare: Declare) -> None:
    made = declare(credentials=USED_IDENTITY)
    assert made.kinds() == ["Bucket", *["BucketIAMMember"] * 2]
    assert {each["member"] for each in made.every("BucketIAMMember")} == {f"serviceAccount:{EMAIL}"}
    assert identity_of(made)


@pytest.mark.parametrize("credentials", [USED_IDENTITY, GIVEN, {"use": {}}])
def test_google_is_not_asked_where_nothing_is_made(
    declare: Declare, credentials: dict[str, Any]
) -> None:
    if credentials is GIVEN:
        credentials = {"given": {KEYFILE: '{"type": "service_account"}'}}
    made = declare(bucket=bucket("use"), credentials=credentials)
    assert made.kinds() == [] and made.cloud.asked == []


def test_what_has_been_made_is_taken_up(declare: Declare) -> None:
    key = {"id": OWN_KEY, "name": OWN_KEY.rpartition("/")[2], "labels": labels("prod-1")}
    there = {
        "getBucket": live_bucket(**OURS),
        "getAccount": {"displayName": display_name("prod-1")},
        "getKMSKeyRing": {"id": "there"},
        "getCryptoKeys": {"keys": [key]},
    }
    made = declare(project=Project(there=there), bucket=bucket(kms={"create": {}}))
    options = made.options
    assert options["Bucket"].import_ == NAME
    assert options["Account"].import_ == f"projects/{PROJECT}/serviceAccounts/{OWN_EMAIL}"
    assert options["CryptoKey"].import_ == OWN_KEY
    assert options["KeyRing"].import_ == OWN_KEY.partition("/cryptoKeys/")[0]
    kinds = ("Bucket", "Account", "CryptoKey", "KeyRing")
    assert [kind for kind in kinds if options[kind].hooks.before_create] == []


def test_what_others_have_made_is_never_taken(declare: Declare) -> None:
    """tests/lab/test_gcs_refused.py shows what the engine makes of the hooks."""
    others = {"id": OWN_KEY, "name": OWN_KEY.rpartition("/")[2], "labels": labels("another")}
    stray = {"id": MADE.format("stray"), "name": "stray", "labels": {}}
    there = {
        "getBucket": live_bucket(effectiveLabels=labels("another")),
        "getAccount": {"displayName": "of somebody"},
        "getKMSKeyRing": {"id": "there"},
        "getCryptoKeys": {"keys": [others, stray]},
    }
    made = declare(project=Project(there=there), bucket=bucket(kms={"create": {}}))
    for kind in ("Bucket", "Account", "CryptoKey", "KeyRing"):
        options = made.options[kind]
        assert options.import_ is None and options.hooks.before_create, kind


def test_the_project_is_asked_once_for_each_thing(declare: Declare) -> None:
    project = declare(bucket=bucket(kms={"create": {}})).cloud
    ring, name = OWN_KEY.partition("/cryptoKeys/")[0], OWN_KEY.rpartition("/")[2]
    place = {"location": "europe-west1", "name": name, "project": PROJECT}
    assert project.told == {
        "getAccount": {"accountId": f"projects/{PROJECT}/serviceAccounts/{OWN_EMAIL}"},
        "getBucket": {"name": NAME, "project": PROJECT},
        "getCryptoKeys": {"keyRing": ring},
        "getKMSKeyRing": place,
        "getProject": {"projectId": PROJECT},
        "getProjectServiceAccount": {"project": PROJECT},
    }
    assert sorted(project.asked) == [
        *("getAccount", "getBucket", "getCryptoKeys", "getKMSKeyRing", "getProject"),
        "getProjectServiceAccount",
    ]


@pytest.mark.parametrize(
    ("there", "changes", "told"),
    [
        ({"getProject": None}, {}, "projectID: platform-shared: this login reaches no such"),
        ({"getProject": UNSEEN}, {}, "projectID: platform-shared: this login reaches no such"),
        ({}, {"bucket": bucket("adopt")}, f"bucket.adopt.name: {NAME}: there is no such bucket"),
        ({}, {"bucket": bucket("use")}, f"bucket.use.name: {NAME}: there is no such bucket"),
        (
            {"getBucket": live_bucket(projectNumber=1)},
            {},
            f"projectID: platform-shared: the bucket {NAME} is in another project",
        ),
        (
            {"getBucket": live_bucket(location="US", **OURS)},
            {},
            f"region: europe-west1: the bucket {NAME} is in US",
        ),
    ],
)
def test_another_place_is_refused(
    declare: Declare, there: dict[str, Any], changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(pulumi.RunError, match=f"(?s){told}.*fix: "):
        declare(project=Project(there=there), **changes)


@pytest.mark.parametrize(
    "said",
    [
        "googleapi: Error 403: forbidden",
        "Permission 'storage.buckets.get' denied on resource (or it may not exist)., forbidden",
        "context deadline exceeded",
    ],
)
def test_what_google_says_is_told_with_a_fix(declare: Declare, said: str) -> None:
    told = r"could not be asked.*docs/how-to/gcs-permissions.md"
    with pytest.raises(pulumi.RunError, match=f"(?s){told}"):
        declare(project=Project(refused=said))


def previous(key: str | None) -> LiveFacts:
    live = SecretFacts(labels("prod-1"), (), "Opaque", (KEYFILE,), None, access_key=key)
    return LiveFacts(secrets={SECRET_NAME: live})


@pytest.mark.parametrize(
    ("live", "waits"), [("an-older-one", "0815"), ("0815", None), (None, None)]
)
def test_a_new_key_is_waited_for_while_an_older_one_goes(
    declare: Declare,
    live: str | None,
    waits: str | None,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    keys: list[str | None] = []
    monkeypatch.setattr(new_key.Looks, "missing", lambda self: keys.append(self.key) or "")
    made = declare(live=previous(live), credentials={"create": {"rotation": "2026-12"}})
    name = next(each.name for each in made.cloud.made if each.typ.endswith(":Key"))
    assert name == f"{ACCOUNT}-2026-12"
    looked = [waits] if waits and "update" in request.node.callspec.id else []
    assert keys == looked


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("gcp:project", "x", "beside openshift-registry:storage.projectID"),
        ("gcp:region", "x", "beside openshift-registry:storage.region"),
        ("gcp:projct", "x", "has no such configuration"),
    ],
)
def test_configuration_of_the_provider_that_is_refused(
    declare: Declare, monkeypatch: pytest.MonkeyPatch, key: str, value: str, told: str
) -> None:
    monkeypatch.setattr("components.provider_keys.get_config_env", lambda: {key: value})
    with pytest.raises(pulumi.RunError, match=told):
        declare()


def test_configuration_of_the_provider_is_passed_on(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyfile = '{"type": "service_account"}'
    given = {"gcp:credentials": keyfile, "gcp:defaultLabels": '{"type": "4711"}'}
    monkeypatch.setattr("components.provider_keys.get_config_env", lambda: given)
    monkeypatch.setattr(
        "components.provider_keys.get_config_secret_keys_env", lambda: ["gcp:credentials"]
    )
    (made,) = [each for each in declare().cloud.made if each.typ == "pulumi:providers:gcp"]
    assert made.inputs["credentials"]["value"] == keyfile
    assert json.loads(made.inputs["defaultLabels"]) == {"type": "4711"}
