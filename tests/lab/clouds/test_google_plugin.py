"""What the Google Cloud stand-in refuses before it asks Google, and what it takes for a change."""

from typing import Any

import pytest

from lab.clouds.base.difference import difference
from lab.clouds.base.kind import CloudError
from lab.clouds.base.plugin import Plugin
from lab.clouds.base.shapes import arguments, outputs, shape
from lab.clouds.base.values import UNKNOWN
from lab.clouds.google.cloud import ENDPOINTS, Google
from lab.clouds.google.kind import relabelled

BUCKET = "gcp:storage/bucket:Bucket"
ACCOUNT, KEY = "gcp:serviceaccount/account:Account", "gcp:serviceaccount/key:Key"
CRYPTO_KEY = "gcp:kms/cryptoKey:CryptoKey"
MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
WHERE = {"location": "EUROPE-WEST1"}


@pytest.fixture
def plugin() -> Plugin:
    google = Google()
    google.project = "platform-shared"
    return Plugin(google)


def check(plugin: Plugin, token: str, inputs: dict[str, Any]) -> list[str]:
    urn = f"urn:pulumi:test::clouds::{token}::it"
    return [f"{each.property} {each.reason}" for each in plugin.check(urn, {}, inputs, b"")[1]]


@pytest.mark.parametrize("token", list(Google().kinds))
def test_every_type_is_one_of_the_sdks(token: str) -> None:
    kind, wanted = Google().kinds[token], shape(arguments(token))
    named = {*kind.identity, *kind.absent, *kind.local, *kind.documents, *kind.not_played}
    if kind.name is not None:
        named.add(kind.name[0])
    assert named <= wanted.types.keys()
    assert {*kind.secret, *kind.kept} - {"serviceAccountId"} <= set(outputs(token))


@pytest.mark.parametrize(
    ("token", "inputs", "says"),
    [
        (BUCKET, {}, "location is required, and missing"),
        (BUCKET, {**WHERE, "lable": {}}, "lable there is no such property; labels?"),
        (BUCKET, {**WHERE, "forceDestroy": "yes"}, "forceDestroy is a string"),
        (BUCKET, {**WHERE, "name": "Upper"}, "name may have lower-case"),
        (BUCKET, {**WHERE, "name": "my-google"}, "for itself"),
        (BUCKET, {"location": "atlantis"}, "location atlantis is none"),
        (BUCKET, {**WHERE, "labels": {"Team": "x"}}, "labels have the key 'Team'"),
        (BUCKET, {**WHERE, "publicAccessPrevention": "on"}, "enforced or inherited"),
        (BUCKET, {**WHERE, "deletionPolicy": "KEEP"}, "DELETE, PREVENT, ABANDON"),
        (BUCKET, {**WHERE, "website": {}}, "does not play this property"),
        (
            BUCKET,
            {
                **WHERE,
                "lifecycleRules": [
                    {"action": {"type": "Delete"}, "condition": {"daysSinceCustomTime": 1}}
                ],
            },
            "lifecycleRules[0].condition.daysSinceCustomTime is not played",
        ),
        (ACCOUNT, {"accountId": "short"}, "doesn't match regexp"),
        (ACCOUNT, {"accountId": "long-enough", "displayName": "x" * 101}, "100 characters"),
        (KEY, {"serviceAccountId": "a", "keyAlgorithm": "KEY_ALG_RSA_1024"}, "is not played"),
        (KEY, {}, "serviceAccountId is required"),
        (CRYPTO_KEY, {"keyRing": "r", "rotationPeriod": "60s"}, "at least 86400s"),
        (MEMBER, {"bucket": "b", "role": "r", "member": "m", "condition": {}}, "does not play"),
    ],
)
def test_what_is_refused(plugin: Plugin, token: str, inputs: dict[str, Any], says: str) -> None:
    assert any(says in each for each in check(plugin, token, inputs)), check(plugin, token, inputs)


def test_what_is_unknown_yet_is_not_judged(plugin: Plugin) -> None:
    assert check(plugin, BUCKET, {"location": UNKNOWN, "name": UNKNOWN, "labels": UNKNOWN}) == []
    assert check(plugin, CRYPTO_KEY, {"keyRing": UNKNOWN, "rotationPeriod": UNKNOWN}) == []


def changed(plugin: Plugin, state: dict[str, Any], new: dict[str, Any]) -> set[str]:
    return set(difference(plugin.kind(BUCKET), {}, state, new).changed)


def test_what_is_a_change_and_what_is_none(plugin: Plugin) -> None:
    state = {
        "name": "b",
        "location": "EU",
        "project": "platform-shared",
        "labels": {},
        "softDeletePolicy": {"retentionDurationSeconds": 0, "effectiveTime": "now"},
        "versioning": {"enabled": False},
        "lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"age": 1}}],
        "storageClass": "STANDARD",
        "deletionPolicy": "DELETE",
        "forceDestroy": False,
    }
    same = {"name": "b", "location": "eu", "lifecycleRules": state["lifecycleRules"]}
    assert changed(plugin, state, same) == set()
    kept = {"softDeletePolicy": {"retentionDurationSeconds": 0}}
    assert changed(plugin, state, {**same, **kept}) == set()
    assert changed(plugin, state, {"name": "b", "location": "EU"}) == {"lifecycleRules[0]"}
    assert changed(plugin, state, {**same, "deletionPolicy": "PREVENT"}) == {"deletionPolicy"}
    moved = difference(plugin.kind(BUCKET), {}, state, {**same, "location": "US"})
    assert moved.replaces == ["location"] and moved.delete_first


def test_labels_of_others_are_left_and_ours_are_taken_off(plugin: Plugin) -> None:
    kind = plugin.kind(BUCKET)
    kind.google.default_labels = {"cost-center": "4711"}
    live = {"team": "one", "theirs": "x", "cost-center": "4711"}
    out = kind.labels_out(live, {"labels": {"team": "one"}})
    assert out["labels"] == {"team": "one"} and out["effectiveLabels"] == live
    assert out["pulumiLabels"] == {"team": "one", "cost-center": "4711"}
    assert relabelled({"cost-center": "4711"}, out) == {"cost-center": "4711", "team": None}


def test_it_never_reaches_google_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENDPOINTS.values():
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(CloudError, match="never reaches Google itself"):
        Google().configure({"project": "platform-shared"})


def test_an_argument_of_the_provider_that_is_not_played(plugin: Plugin) -> None:
    (failure,) = plugin.cloud.check_settings({"impersonateServiceAccount": "x", "project": "y"})
    assert failure.property == "impersonateServiceAccount"


def test_the_plugins_own_label_is_put_on_unless_it_is_told_not_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ENDPOINTS.values():
        monkeypatch.setenv(name, "https://127.0.0.1:1/")
    for given, expected in [({}, {"goog-pulumi-provisioned": "true"}), ({"no": 1}, {})]:
        google = Google()
        monkeypatch.setattr(google, "_login", lambda credentials: None)
        settings = {"addPulumiAttributionLabel": "false"} if given else {}
        google.configure({"project": "p", **settings})
        assert google.default_labels == expected


def test_a_key_that_is_kept_is_not_destroyed(plugin: Plugin) -> None:
    with pytest.raises(CloudError, match="cannot destroy the key k without"):
        plugin.kind(CRYPTO_KEY).delete("k", {"deletionPolicy": "PREVENT"})
