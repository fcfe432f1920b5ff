"""What a bucket claim was given, read from an API server over HTTP."""

import base64
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from cluster import given_bucket as module
from cluster.given_bucket import NotGiven, NotRead, given_bucket, wait_until_bound
from tests.cluster.api import Api
from tests.cluster.test_read import access
from tests.cluster.test_read_buckets import CLAIM, CLAIM_PATH

NAMESPACE, NAME = "openshift-storage", "registry"
CORE = f"/api/v1/namespaces/{NAMESPACE}"
MAP_PATH, SECRET_PATH = f"{CORE}/configmaps/{NAME}", f"{CORE}/secrets/{NAME}"
KEYS = {"AWS_ACCESS_KEY_ID": "CANARY-access", "AWS_SECRET_ACCESS_KEY": "CANARY-secret"}


def encoded(texts: dict[str, str]) -> dict[str, str]:
    return {key: base64.b64encode(text.encode()).decode() for key, text in texts.items()}


def config_map(**data: str) -> dict[str, Any]:
    return {"metadata": {"name": NAME}, "data": data}


def secret(data: dict[str, str]) -> dict[str, Any]:
    return {"metadata": {"name": NAME}, "data": data}


@pytest.fixture(autouse=True)
def given(server: str) -> Iterator[str]:
    Api.objects = {
        MAP_PATH: config_map(BUCKET_NAME="registry-1f2e", BUCKET_HOST="s3"),
        SECRET_PATH: secret(encoded(KEYS)),
    }
    yield server


def test_the_bucket_and_its_keys(server: str) -> None:
    found = given_bucket(access(server), NAMESPACE, NAME)
    assert found.name == "registry-1f2e"
    assert [found.access_key.reveal(), found.secret_key.reveal()] == list(KEYS.values())
    assert "CANARY" not in repr(found)


MISSING = [
    (MAP_PATH, None, "there is no ConfigMap openshift-storage/registry"),
    (SECRET_PATH, None, "there is no Secret openshift-storage/registry"),
    (MAP_PATH, config_map(), "the ConfigMap openshift-storage/registry has no BUCKET_NAME"),
    (MAP_PATH, config_map(BUCKET_NAME=""), "has no BUCKET_NAME"),
    (SECRET_PATH, {"metadata": {"name": NAME}}, "registry has no AWS_ACCESS_KEY_ID"),
    *(
        (SECRET_PATH, secret(encoded({**KEYS, key: ""})), f"Secret {NAMESPACE}/{NAME} has no {key}")
        for key in KEYS
    ),
    *(
        (SECRET_PATH, secret({**encoded(KEYS), key: text}), f"has a {key} that is no text")
        for key in KEYS
        for text in ("CANARY", "/w==")
    ),
]


@pytest.mark.parametrize(("path", "live", "says"), MISSING)
def test_what_is_missing_is_named_and_no_value_is(
    server: str, path: str, live: Any, says: str
) -> None:
    Api.objects = {**Api.objects, path: live}
    with pytest.raises(NotGiven) as caught:
        given_bucket(access(server), NAMESPACE, NAME)
    assert says in str(caught.value)
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "says"),
    [(MAP_PATH, "configmaps/registry: Forbidden"), (SECRET_PATH, "secrets/registry: Forbidden")],
)
def test_what_may_not_be_read(server: str, path: str, says: str) -> None:
    Api.forbidden = (path,)
    with pytest.raises(NotRead, match=says):
        given_bucket(access(server), NAMESPACE, NAME)


def wait(server: str, patience: float) -> None:
    wait_until_bound(access(server), NAMESPACE, NAME, patience)


def test_a_bound_claim_is_not_waited_for(server: str) -> None:
    Api.objects = {CLAIM_PATH: CLAIM}
    wait(server, 0)


def test_another_one_is_until_it_is(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)
    Api.objects = {CLAIM_PATH: {**CLAIM, "status": {"phase": "Pending"}}}
    threading.Timer(0.2, lambda: Api.objects.update({CLAIM_PATH: CLAIM})).start()
    wait(server, 20)
    assert Api.objects[CLAIM_PATH] is CLAIM


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ({"status": {"phase": "Pending"}}, "after 0 seconds it is still Pending"),
        ({"status": {"phase": "Failed"}}, "after 0 seconds it is still Failed"),
        ({}, "after 0 seconds nobody has looked at it yet"),
    ],
)
def test_but_not_forever(server: str, status: dict[str, Any], says: str) -> None:
    bare = {key: each for key, each in CLAIM.items() if key != "status"}
    Api.objects = {CLAIM_PATH: {**bare, **status}}
    with pytest.raises(NotGiven, match=says):
        wait(server, 0)


def test_a_claim_that_is_gone_is_not_waited_for(server: str) -> None:
    with pytest.raises(NotGiven, match="no ObjectBucketClaim openshift-storage/registry"):
        wait(server, 60)
    Api.forbidden = (CLAIM_PATH,)
    with pytest.raises(NotRead, match="objectbucketclaims/registry: Forbidden"):
        wait(server, 60)
