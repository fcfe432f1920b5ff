"""The operator looks at a bucket of Google Cloud with the registry's own key file."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from lab.clouds.google.service import GoogleService
from lab.operator.storage.bucket import NotThere
from lab.operator.storage.google import look
from tests.lab.clouds.test_google_server import bind, made_account

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoogleService]:
    service = GoogleService(tmp_path_factory.mktemp("google"))
    process = service.start()
    service.client().create_bucket("images-are-here", location="europe-west1")
    yield service
    process.stop()


def clouds(google: GoogleService, **routes: str) -> Any:
    network = SimpleNamespace(routes=routes or google.routes)
    return SimpleNamespace(network=network, authorities_file=google.authority)


def test_a_bucket_that_may_be_read(google: GoogleService) -> None:
    keyfile = made_account(google, "may-look-at-it")
    who = f"serviceAccount:{keyfile['client_email']}"
    bind(google.client().bucket("images-are-here"), "roles/storage.objectUser", who)
    with pytest.raises(NotThere, match=r"Error 403.*storage.buckets.get") as caught:
        look("images-are-here", json.dumps(keyfile), clouds(google))
    assert caught.value.code is None
    bind(google.client().bucket("images-are-here"), "roles/storage.legacyBucketReader", who)
    look("images-are-here", json.dumps(keyfile), clouds(google))


def test_a_bucket_that_is_not_there(google: GoogleService) -> None:
    owners = google.keyfile().read_text()
    with pytest.raises(NotThere, match="bucket doesn't exist") as caught:
        look("images-are-not-here", owners, clouds(google))
    assert caught.value.code == "Bucket does not exist"


def test_a_key_that_is_no_more(google: GoogleService) -> None:
    keyfile = made_account(google, "lost-its-key")
    path = f"projects/-/serviceAccounts/{keyfile['client_email']}/keys/{keyfile['private_key_id']}"
    google.session().delete(f"{google.https}/v1/{path}").raise_for_status()
    with pytest.raises(NotThere, match=r"cannot fetch token.*Invalid JWT Signature"):
        look("images-are-here", json.dumps(keyfile), clouds(google))
    without = {name: each for name, each in keyfile.items() if name != "client_email"}
    for broken in ({**keyfile, "private_key": "CANARY"}, without):
        with pytest.raises(NotThere, match="can't be used") as caught:
            look("images-are-here", json.dumps(broken), clouds(google))
        assert "CANARY" not in str(caught.value)


def test_nothing_is_looked_at_beyond_the_lab_or_with_an_identity(google: GoogleService) -> None:
    look("nowhere", google.keyfile().read_text(), clouds(google, **{"example.test:443": "x:1"}))
    look("nowhere", '{"type": "external_account"}', clouds(google))
