"""The API server of a few lines, for each test."""

from collections.abc import Iterator

import pytest

from tests.cluster.api import Api, served


@pytest.fixture
def server() -> Iterator[str]:
    Api.objects, Api.forbidden = {}, ()
    with served(Api) as address:
        yield address
