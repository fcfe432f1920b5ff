"""One AWS for the run, clients of it, and stacks on it."""

import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from lab.clouds.aws.service import AwsService
from tests.lab.clouds.stack import Stack

Clients = Callable[..., Any]


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AwsService]:
    service = AwsService(tmp_path_factory.mktemp("aws"), "eu-west-1")
    process = service.start()
    yield service
    process.stop()


@pytest.fixture(scope="session")
def client(aws: AwsService) -> Clients:
    """`client("s3")`: the administrator's; or by plain http, elsewhere, with another key."""
    import boto3
    from botocore.config import Config

    def make(
        service: str,
        plain: bool = False,
        region: str = "eu-west-1",
        key: tuple[str, str] | None = None,
    ) -> Any:
        identifier, secret = key or aws.credentials
        return boto3.client(
            service,
            endpoint_url=aws.http if plain else aws.https,
            region_name=region,
            aws_access_key_id=identifier,
            aws_secret_access_key=secret,
            verify=str(aws.authority),
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )

    return make


@pytest.fixture
def stack(aws: AwsService, tmp_path: Path) -> Stack:
    return Stack(tmp_path / "stack", aws)


@pytest.fixture
def iam_enforced(aws: AwsService) -> Callable[[], AbstractContextManager[None]]:
    """Within it, each call is authenticated and authorised."""

    @contextmanager
    def enforced() -> Iterator[None]:
        switch_iam(aws, on=True)
        try:
            yield
        finally:
            switch_iam(aws, on=False)

    return enforced


def switch_iam(aws: AwsService, on: bool) -> None:
    request = urllib.request.Request(
        f"{aws.http}/moto-api/reset-auth",
        data=b"0" if on else b"inf",
        headers={"Content-Type": "text/plain"},
    )
    urllib.request.urlopen(request).read()
