"""The lab's Azure by itself: Azurite behind its front, and what its client sees."""

import http.client
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from lab.clouds.azure.before import BLOB, make_account, make_container
from lab.clouds.azure.names import blob_host
from lab.clouds.azure.service import AzureService
from tests.lab.azure_cloud import code

pytestmark = pytest.mark.lab

STORAGE = {
    "resourceGroup": "registries",
    "account": {"adopt": {"name": "images1"}},
    "container": {"adopt": {"name": "images"}},
}


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureService]:
    service = AzureService(tmp_path_factory.mktemp("azure"), "public", STORAGE)
    process = service.start()
    yield service
    inside = psutil.Process(process.pid).children()
    process.stop()
    assert inside and not any(each.is_running() for each in inside), "Azurite goes with its front"


def test_what_is_referred_to_is_there(azure: AzureService) -> None:
    images = azure.blobs("images1").get_container_client("images")
    assert [each.name for each in images.list_blobs()] == [BLOB]
    assert AzureService.at(azure.directory) == AzureService(azure.directory, "public")


def test_keys_are_looked_at(azure: AzureService) -> None:
    wrong = azure.blobs("images1", "d3Jvbmc=").get_container_client("images")
    assert code(wrong.list_blobs) == "AuthorizationFailure"
    second = azure.accounts.keys("images1")[1]
    assert code(azure.blobs("images1", second).get_container_client("images").list_blobs) == ""
    nobody = azure.blobs("nobody", second).get_container_client("images")
    assert code(nobody.list_blobs) == "InvalidUri"


def test_another_account_comes_and_blobs_stay(azure: AzureService) -> None:
    azure.blobs("images1").get_blob_client("images", "kept").upload_blob(b"a" * 3_000_000)
    make_account(azure, "registries", "images2")
    make_container(azure, "registries", "images2", "images")
    kept = azure.blobs("images1").get_blob_client("images", "kept")
    assert len(kept.download_blob().readall()) == 3_000_000
    other = azure.blobs("images2").get_container_client("images")
    assert [each.name for each in other.list_blobs()] == [BLOB]


def test_a_signed_url_is_good(azure: AzureService) -> None:
    """It asks for https, and Azurite looks at its own scheme."""
    from azure.storage.blob import BlobSasPermissions, generate_blob_sas

    signed = generate_blob_sas(
        *("images1", "images", BLOB),
        account_key=azure.accounts.keys("images1")[0],
        permission=BlobSasPermissions(read=True),
        expiry=datetime.now(UTC) + timedelta(minutes=5),
        protocol="https",
    )
    host = blob_host("images1", "public")
    assert get(azure, f"/images/{BLOB}?{signed}", host) == 200
    assert get(azure, f"/images/{BLOB}?{signed.replace('sig=', 'sig=a')}", host) == 403


def get(azure: AzureService, path: str, host: str) -> int:
    context = ssl.create_default_context(cafile=str(azure.authority))
    connection = http.client.HTTPSConnection("127.0.0.1", azure.port, context=context)
    connection.request("GET", path, headers={"Host": host})
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_no_key_is_readable_by_others(azure: AzureService) -> None:
    for name in ("accounts.json", "arm.json", "server.pem"):
        assert Path(azure.directory / name).stat().st_mode & 0o077 == 0, name
