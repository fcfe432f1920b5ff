"""The account of AWS that a lab has, as its administrator and as others see it."""

import base64
import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lab.clouds.aws.service import AwsService
from lab.lab import Lab
from tests.lab.project import get

NAMESPACE = "openshift-image-registry"
SECRET = "image-registry-private-configuration-user"
ACCESS_KEY, SECRET_KEY = "REGISTRY_STORAGE_S3_ACCESSKEY", "REGISTRY_STORAGE_S3_SECRETKEY"


def service(lab: Lab) -> AwsService:
    found = lab.clouds.aws
    assert found is not None, f"{lab.stack} has no AWS"
    return found


def admin(lab: Lab, name: str) -> Any:
    """boto3's client of the service of that name."""
    return service(lab).client(name)


def as_user(lab: Lab, keys: tuple[str, str], name: str = "s3", plain: bool = False) -> Any:
    """The same of whoever has these keys; by http if `plain`."""
    import boto3
    from botocore.config import Config

    aws = service(lab)
    return boto3.client(
        name,
        endpoint_url=aws.http if plain else aws.https,
        region_name=aws.region,
        aws_access_key_id=keys[0],
        aws_secret_access_key=keys[1],
        verify=str(aws.authority),
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )


def live_keys(lab: Lab) -> tuple[str, str]:
    """What the cluster's secret holds, and nothing else."""
    data = get(lab, "secret", SECRET, NAMESPACE)["data"]
    assert data.keys() == {ACCESS_KEY, SECRET_KEY}
    decoded = {key: base64.b64decode(value).decode() for key, value in data.items()}
    return decoded[ACCESS_KEY], decoded[SECRET_KEY]


@contextmanager
def enforced(lab: Lab) -> Iterator[None]:
    """Within it, each call is authenticated and authorised."""

    def switch(value: str) -> None:
        url = f"{service(lab).http}/moto-api/reset-auth"
        headers = {"Content-Type": "text/plain"}
        urllib.request.urlopen(urllib.request.Request(url, value.encode(), headers)).read()

    switch("0")
    try:
        yield
    finally:
        switch("inf")


def code(call: Any, **arguments: Any) -> str:
    """How AWS refuses the call; "" if it doesn't."""
    from botocore.exceptions import ClientError

    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return ""


def statements(document: Any) -> dict[str, dict[str, Any]]:
    """Of a policy, by their Sid."""
    parsed = json.loads(document) if isinstance(document, str) else document
    return {each["Sid"]: each for each in parsed["Statement"]}
