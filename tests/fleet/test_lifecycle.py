"""What `ocpreg smoke` says of who removes an upload that was left behind."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from fleet.lifecycle import PURGED, Removal, removal
from lab.clouds.aws.service import AwsService

pytestmark = pytest.mark.slow

REPOSITORY = "default/ocpreg-smoke"
ABORT = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}
ALL = {"Filter": {"Prefix": ""}}
ENABLED = {"ID": "uploads", "Status": "Enabled", **ABORT}
STORAGE = {"s3": {"bucket": "images", "region": "us-east-1"}}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AwsService]:
    service = AwsService(tmp_path_factory.mktemp("aws"), "us-east-1")
    process = service.start()
    yield service
    process.stop()


@pytest.fixture
def s3(aws: AwsService, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Its administrator's client; the credentials are in the environment too."""
    import boto3

    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="images")
    yield client
    client.delete_bucket(Bucket="images")


@pytest.mark.parametrize("where", [ALL, {"Filter": {"Prefix": "docker/"}}, {"Prefix": ""}])
def test_a_rule_that_removes_it(s3: Any, where: dict[str, Any]) -> None:
    rule = {**ENABLED, **where}
    s3.put_bucket_lifecycle_configuration(Bucket="images", LifecycleConfiguration={"Rules": [rule]})
    text = "lifecycle rule 'uploads' of bucket images removes it after 1 day"
    assert removal(STORAGE, REPOSITORY) == Removal(text)


@pytest.mark.parametrize(
    "rule",
    [
        None,
        {**ENABLED, **ALL, "Status": "Disabled"},
        {**ENABLED, "Filter": {"Prefix": "registry/"}},
        {"ID": "other", "Status": "Enabled", **ALL, "Expiration": {"Days": 1}},
    ],
)
def test_no_rule_that_removes_it(s3: Any, rule: dict[str, Any] | None) -> None:
    if rule:
        given = {"Rules": [rule]}
        s3.put_bucket_lifecycle_configuration(Bucket="images", LifecycleConfiguration=given)
    found = removal(STORAGE, REPOSITORY)
    assert "no lifecycle rule removes it" in found.text
    assert found.warning is not None and "stay in bucket images for ever" in found.warning


@pytest.mark.usefixtures("s3")
def test_a_bucket_that_is_not_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    assert removal({}, REPOSITORY).text == removal({"pvc": {}}, REPOSITORY).text == PURGED
    own = {"s3": {**STORAGE["s3"], "regionEndpoint": "https://s3.example.test"}}
    assert "images of https://s3.example.test, whose lifecycle was not asked" in said(own)
    other = {"s3": {"bucket": "none-such", "region": "us-east-1"}}
    assert "was not asked: AWS says NoSuchBucket" in said(other)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://127.0.0.1:9")
    assert "was not asked: EndpointConnectionError" in said(STORAGE)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert "was not asked: there are no AWS credentials here" in said(STORAGE)
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert "was not asked: boto3 is not installed" in said(STORAGE)


def said(storage: dict[str, Any]) -> str:
    found = removal(storage, REPOSITORY)
    assert found.warning is None
    return found.text
