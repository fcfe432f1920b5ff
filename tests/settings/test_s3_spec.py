"""What storage in a bucket writes into the custom resource, and what AWS takes."""

import copy
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis

from settings import SettingsError, StackSettings, validate
from settings.aws import BUCKET, KNOWN_REGIONS, is_region, region_of
from settings.bucket_claim import PROVIDERS
from settings.endpoint import in_cluster
from settings.facts import BucketClaimFacts, LiveFacts, RouteFacts
from settings.later import Later, unfilled
from tests.settings.cases import GOOD
from tests.settings.cases_s3 import (
    ACCESS_KEY,
    ACCOUNT,
    AWS,
    BAD_NAMES,
    CLAIM,
    FRONT,
    GIVEN,
    KEY,
    KEY_ID,
    KEYS,
    LOCKED,
    OTHER,
    PKCS1,
    RSA,
    SECRET_KEY,
    bucket,
    front,
    storage,
)
from tests.settings.strategies_s3 import bucket_storage

CANARY = "canary-8c1f"


def stack(section: dict[str, Any], **registry: Any) -> StackSettings:
    config = {**GOOD, "storage": section, "registry": registry}
    config["cluster"] = {**GOOD["cluster"], "version": "4.17"}
    return validate(copy.deepcopy(config), stack="prod-1")


def block(section: dict[str, Any]) -> dict[str, Any]:
    accepted = stack(section).storage
    assert accepted is not None
    ((backend, found),) = accepted.backend.items()
    assert backend == "s3"
    return dict(found)


def refused(section: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(SettingsError) as error:
        stack(section)
    return {each.path: each.message for each in error.value.problems}


def test_nothing_is_written_that_was_not_said() -> None:
    assert block(OTHER) == {
        "bucket": "registry",
        "region": "us-east-1",
        "regionEndpoint": "https://objects.example.test",
    }


def test_everything_is_written_as_it_was_said() -> None:
    said = {
        "encrypt": True,
        "keyID": KEY_ID,
        "virtualHostedStyle": True,
        "chunkSizeMiB": 20,
        "regionEndpoint": "https://s3.eu-west-1.amazonaws.com",
    }
    found = block(
        storage(
            AWS,
            bucket={"use": {"name": "registry"}},
            trustedCA={"use": {"name": "bundle"}},
            cloudFront={
                **FRONT,
                "duration": "20m",
                "privateKey": {"use": {"name": "a", "key": "b"}},
            },
            **said,
        )
    )
    assert found == {
        "bucket": "registry",
        "region": "eu-west-1",
        **said,
        "trustedCA": {"name": "bundle"},
        "cloudFront": {
            "baseURL": FRONT["baseURL"],
            "keypairID": FRONT["keypairID"],
            "duration": "20m",
            "privateKey": {"name": "a", "key": "b"},
        },
    }


@pytest.mark.parametrize(
    ("mode", "keys", "says"),
    [
        ("create", {}, {"encrypt": True}),
        ("create", {"encryption": {"sse-s3": {}}}, {"encrypt": True}),
        (
            "create",
            {"encryption": {"kms": {"use": {"keyARN": KEY}}}},
            {"encrypt": True, "keyID": KEY},
        ),
        ("adopt", {}, {}),
        ("adopt", {"encryption": {"sse-s3": {}}}, {"encrypt": True}),
    ],
)
def test_encryption_follows_the_bucket(
    mode: str, keys: dict[str, Any], says: dict[str, Any]
) -> None:
    found = block(storage(AWS, bucket=bucket(mode, **keys)))
    assert {key: found[key] for key in ("encrypt", "keyID") if key in found} == says
    again = storage(AWS, bucket=bucket(mode, **keys), **says)
    assert block(again) == found


def test_a_new_key_is_known_later() -> None:
    found = block(storage(AWS, bucket=bucket(encryption={"kms": {"create": {}}})))
    assert list(unfilled(found)) == [("keyID",)]
    assert found["encrypt"] is True


def test_a_created_bucket_has_defaults() -> None:
    wanted = stack(AWS).storage.bucket
    assert wanted.lifecycle.abort_incomplete_multipart_upload_days == 1
    assert (wanted.encryption.mode, wanted.versioning, wanted.tags) == ("sse-s3", None, {})
    adopted = stack(storage(AWS, bucket=bucket("adopt"))).storage.bucket
    assert (adopted.encryption, adopted.lifecycle, adopted.tags) == (None, None, None)


@pytest.mark.parametrize("section", [AWS, OTHER, CLAIM], ids=["aws", "other", "claim"])
def test_two_replicas_unless_told(section: dict[str, Any]) -> None:
    assert stack(section).effective_replicas == 2
    assert stack(section, replicas=1).effective_replicas == 1
    assert stack(section).effective_rollout_strategy is None


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("https://rgw.openshift-storage.svc", True),
        ("http://rgw.openshift-storage.svc.cluster.local/", True),
        ("https://rgw.svc.example.test", False),
        ("https://svc.example.test", False),
    ],
)
def test_a_service_demands_that_nobody_is_redirected(url: str, inside: bool) -> None:
    assert in_cluster(url) == inside
    accepted = stack(storage(OTHER, regionEndpoint=url))
    assert accepted.storage.demands == ({"disableRedirect": True} if inside else {})
    assert stack(storage(OTHER, regionEndpoint=url), disableRedirect=True)


def test_the_modes_of_the_secret() -> None:
    def mode(credentials: Any) -> Any:
        return stack(storage(AWS, credentials=credentials)).storage.credentials.secret_mode

    assert mode(GIVEN) == mode({"create": {}}) == "create"
    assert mode({"given": {**KEYS, "adoptSecret": False}}) == "create"
    assert mode({"given": {**KEYS, "adoptSecret": True}}) == "adopt"
    assert mode({"use": {}}) is mode({"sts": {"create": {}}}) is None


def test_keys_that_are_given() -> None:
    keys = {ACCESS_KEY: CANARY, SECRET_KEY: CANARY, "adoptSecret": True}
    accepted = stack(storage(OTHER, credentials={"given": keys}))
    data = accepted.storage.credentials.data
    assert {key: each.reveal() for key, each in data.items()} == dict.fromkeys(KEYS, CANARY)
    assert set(accepted.secrets) == {("storage", "credentials", "given", key) for key in KEYS}
    assert CANARY not in f"{accepted!r} {accepted.storage.backend}"


@pytest.mark.parametrize("wrong", [CANARY, [CANARY], {ACCESS_KEY: CANARY}, {"given": CANARY}, 5])
def test_a_key_is_never_shown(wrong: Any) -> None:
    for section in (
        storage(OTHER, credentials=wrong),
        storage(OTHER, credentials={"given": wrong}),
        storage(OTHER, credentials={"given": {ACCESS_KEY: wrong, SECRET_KEY: f"{CANARY}\n"}}),
        storage(AWS, cloudFront={**FRONT, "privateKey": wrong}),
        storage(AWS, cloudFront={**FRONT, "privateKey": {"create": wrong}}),
        storage(AWS, cloudFront=front(**{"private.pem": f"{CANARY}"})),
        storage(AWS, cloudFront=front(**{"private.pem": [wrong]})),
    ):
        with pytest.raises(SettingsError) as error:
            stack(section)
        assert CANARY not in f"{error.value} {error.value.problems!r}"
        assert error.value.__cause__ is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x", "no private key in PEM"),
        (PKCS1.replace("\n", " "), "no private key in PEM"),
        ("\n".join(PKCS1.split("\n")[:3]), "no private key in PEM"),
        (RSA.key, "RSA in PKCS #1"),
        (LOCKED, "passphrase"),
    ],
)
def test_the_registry_reads_one_kind_of_key(text: str, says: str) -> None:
    """distribution registry/storage/driver/middleware/cloudfront: x509.ParsePKCS1PrivateKey."""
    found = refused(storage(AWS, cloudFront=front(**{"private.pem": text})))
    (message,) = found.values()
    assert says in message
    assert stack(storage(AWS, cloudFront=front(**{"private.pem": PKCS1})))


@pytest.mark.parametrize(
    "key", [KEY, KEY_ID, "alias/registry", KEY.replace(f"key/{KEY_ID}", "alias/a")]
)
def test_forms_of_a_key(key: str) -> None:
    used = {"use": {"name": "registry"}}
    assert block(storage(AWS, bucket=used, encrypt=True, keyID=key))["keyID"] == key
    assert region_of(key) == ("eu-west-1" if key.startswith("arn:") else None)


def test_another_service_names_its_keys_as_it_likes() -> None:
    assert block(storage(OTHER, encrypt=True, keyID="my key"))["keyID"] == "my key"


@pytest.mark.parametrize("name", ["abc", "a" * 63, "prod-1.image-registry", "1a2", "a--b"])
def test_names_that_s3_takes(name: str) -> None:
    assert block(storage(AWS, bucket={"create": {"name": name}}))["bucket"] == name


def test_names_that_s3_does_not_take() -> None:
    pattern = BUCKET.json_schema()["pattern"]
    for name in BAD_NAMES:
        assert not BUCKET.accepts(name)
        assert len(name) > 63 or not re.search(pattern, name)


@pytest.mark.parametrize("name", ["abc", "Reg_1", "a" * 255, "prod-1.image-registry", "xn--a"])
def test_a_bucket_that_exists_has_its_name_already(name: str) -> None:
    """Other services, and buckets of AWS from before 2018, go by other rules."""
    assert block(storage(AWS, bucket={"use": {"name": name}}))["bucket"] == name


@pytest.mark.parametrize(
    "credentials",
    [
        {"create": {"permissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/bounds"}},
        {"create": {"permissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess"}},
        {"sts": {"create": {"oidcProviderARN": f"arn:aws:iam::{ACCOUNT}:oidc-provider/a.test/b"}}},
        # Not made here, so nothing is compared: a role may be of another account.
        {"sts": {"use": {"roleARN": "arn:aws:iam::444455556666:role/registry"}}},
    ],
)
def test_what_an_account_may_name(credentials: dict[str, Any]) -> None:
    assert stack(storage(AWS, credentials=credentials)).storage.account == ACCOUNT


def test_regions() -> None:
    assert all(map(is_region, KNOWN_REGIONS))
    assert is_region("mx-central-1") and not is_region("noobaa") and not is_region("us-east")
    assert stack(storage(AWS, region="us-gov-east-1")).warnings == ()


def test_the_region_may_be_the_clusters() -> None:
    used = storage(AWS, bucket={"use": {"name": "registry"}}, credentials={"use": {}})
    del used["region"], used["account"]
    for platform in ("AWS", None):
        cluster = {**GOOD["cluster"], "platform": platform}
        given = {key: each for key, each in cluster.items() if each}
        accepted = validate({"cluster": given, "storage": used}, stack="prod-1")
        assert accepted.storage.backend == {"s3": {"bucket": "registry"}}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_claim_is_filled_in_as_the_guide_has_it(provider: str) -> None:
    """Guide 3.8.1 and 3.8.2."""
    wanted = stack(storage(CLAIM, provider=provider)).storage
    assert wanted.claim.namespace == "openshift-image-registry"
    assert wanted.generate_bucket_name == "registry"
    assert wanted.filled("b", "https://host.example.test") == {
        "s3": {
            "bucket": "b",
            "region": "us-east-1",
            "regionEndpoint": "https://host.example.test",
            "virtualHostedStyle": False,
            "encrypt": False,
            "trustedCA": {"name": "image-registry-s3-bundle"},
        }
    }
    assert sorted(unfilled(wanted.backend)) == [("s3", "bucket"), ("s3", "regionEndpoint")]
    names = {
        "rgw": ("ocs-storagecluster-ceph-rgw", "ocs-storagecluster-cephobjectstore"),
        "noobaa": ("openshift-storage.noobaa.io", "s3"),
    }
    assert (wanted.storage_class_name, wanted.route[1]) == names[provider]
    assert wanted.demands == {}


@pytest.mark.parametrize(
    ("service", "url", "bundled"),
    [
        (
            {},
            "https://rook-ceph-rgw-ocs-storagecluster-cephobjectstore.openshift-storage.svc",
            True,
        ),
        ({"name": "rgw", "namespace": "rook", "scheme": "http"}, "http://rgw.rook.svc", False),
    ],
)
def test_a_claim_by_its_service(service: dict[str, str], url: str, bundled: bool) -> None:
    wanted = stack(storage(CLAIM, endpoint={"service": service})).storage
    found = wanted.backend["s3"]
    assert found["regionEndpoint"] == url and ("trustedCA" in found) == bundled
    assert list(unfilled(found)) == [("bucket",)]
    assert wanted.demands == {"disableRedirect": True}
    assert wanted.route is None


def test_a_claim_is_known_as_far_as_the_cluster_tells() -> None:
    wanted = stack(CLAIM).storage
    bound = BucketClaimFacts({}, (), storage_class="x", bound=True, bucket="registry-1f2e")
    route = RouteFacts("openshift-storage", wanted.route[1], "s3.apps.example.test", False)

    def known(claim: Any, route: Any) -> list[Any]:
        facts = LiveFacts(
            bucket_claims={"registry": claim}, endpoint_routes={wanted.route[1]: route}
        )
        return [wanted.known(facts)["s3"][key] for key in ("bucket", "regionEndpoint")]

    assert known(bound, route) == ["registry-1f2e", "https://s3.apps.example.test"]
    pending = BucketClaimFacts({}, (), storage_class="x", bound=False, bucket="registry-1f2e")
    for claim in (None, pending):
        assert isinstance(known(claim, route)[0], Later)
    assert isinstance(known(bound, None)[1], Later)
    assert wanted.known(LiveFacts()) == wanted.backend


@hypothesis(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(section=bucket_storage())
def test_what_is_accepted_can_be_written(section: dict[str, Any]) -> None:
    """Text, numbers and truth alone; a bucket, a region or nobody's default, and no Later but
    where something is made."""
    try:
        accepted = stack(section).storage
    except SettingsError:
        return
    ((backend, found),) = accepted.backend.items()
    assert backend == "s3" and found["bucket"]
    later = {path[0] for path in unfilled(found)}
    made = {"bucket", "regionEndpoint"} if accepted.kind == "objectBucketClaim" else {"keyID"}
    assert later <= made
    if "regionEndpoint" in found:
        assert found["region"]
    if "keyID" in found:
        assert found["encrypt"] is True


def test_most_of_what_is_generated_right_is_accepted() -> None:
    """Else the test above would say little."""
    seen: list[bool] = []

    @hypothesis(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    @given(section=bucket_storage())
    def count(section: dict[str, Any]) -> None:
        try:
            stack(section)
            seen.append(True)
        except SettingsError:
            seen.append(False)

    count()
    assert sum(seen) > len(seen) / 10


def test_a_number_is_not_shown_either() -> None:
    for section in (
        storage(AWS, cloudFront=front(**{"private.pem": 8123456})),
        storage(OTHER, credentials={"given": {**KEYS, SECRET_KEY: 8123456}}),
    ):
        with pytest.raises(SettingsError) as error:
            stack(section)
        assert "8123456" not in str(error.value)
