"""One AWS for the run, clients of it, and stacks on it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from lab.clouds.aws.service import AwsService
from tests.lab.clouds.enforced import enforced
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
    return aws.client


@pytest.fixture
def stack(aws: AwsService, tmp_path: Path) -> Stack:
    return Stack(tmp_path / "stack", aws)


@pytest.fixture
def iam_enforced(aws: AwsService) -> Callable[[], AbstractContextManager[None]]:
    """Within it, each call is authenticated and authorised."""

    return lambda: enforced(aws)
