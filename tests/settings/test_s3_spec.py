"""What storage in a bucket writes into the custom resource, and what AWS takes."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis

from settings import SettingsError, StackSettings, validate
from settings.aws import KNOWN_REGIONS, is_region, region_of
from settings.endpoint import in_cluster
from tests.settings.cases import GOOD
from tests.settings.cases_s3 import (
    ACCESS_KEY,
    AWS,
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
        "bucket": "prod-1-image-registry",
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


@pytest.mark.parametrize("section", [AWS, OTHER], ids=["aws", "other"])
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

    assert mode(GIVEN) == mode({"given": {**KEYS, "adoptSecret": False}}) == "create"
    assert mode({"given": {**KEYS, "adoptSecret": True}}) == "adopt"


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
    assert block(storage(AWS, encrypt=True, keyID=key))["keyID"] == key
    assert region_of(key) == ("eu-west-1" if key.startswith("arn:") else None)


def test_another_service_names_its_keys_as_it_likes() -> None:
    assert block(storage(OTHER, encrypt=True, keyID="my key"))["keyID"] == "my key"


@pytest.mark.parametrize("name", ["abc", "Reg_1", "a" * 255, "prod-1.image-registry", "xn--a"])
def test_a_bucket_that_exists_has_its_name_already(name: str) -> None:
    """Other services, and buckets of AWS from before 2018, go by other rules."""
    assert block(storage(AWS, bucket={"use": {"name": name}}))["bucket"] == name


def test_regions() -> None:
    assert all(map(is_region, KNOWN_REGIONS))
    assert is_region("mx-central-1") and not is_region("noobaa") and not is_region("us-east")
    assert stack(storage(AWS, region="us-gov-east-1")).warnings == ()


def test_the_region_may_be_the_clusters() -> None:
    used = storage(AWS)
    del used["region"]
    for platform in ("AWS", None):
        cluster = {**GOOD["cluster"], "platform": platform}
        given = {key: each for key, each in cluster.items() if each}
        accepted = validate({"cluster": given, "storage": used}, stack="prod-1")
        assert accepted.storage.backend == {"s3": {"bucket": "prod-1-image-registry"}}


@hypothesis(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(section=bucket_storage())
def test_what_is_accepted_can_be_written(section: dict[str, Any]) -> None:
    """A bucket, a region or nobody's default, and a key only where it counts."""
    try:
        accepted = stack(section).storage
    except SettingsError:
        return
    ((backend, found),) = accepted.backend.items()
    assert backend == "s3" and found["bucket"]
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
