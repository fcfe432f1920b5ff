"""Whatever a kubeconfig or an API server is wrong in, it is one sentence and no traceback."""

import http.server
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import yaml
from lightkube.core.exceptions import ApiError

from cluster.client import Unreachable
from cluster.kubeconfig import ClusterAccess, load
from cluster.read import read
from cluster.reader import Reader
from settings.questions import Questions
from tests.cluster.api import served


def access(server: str = "https://127.0.0.1:1", user: Any = None, **cluster: Any) -> ClusterAccess:
    found = load(
        yaml.safe_dump(
            {
                "current-context": "one",
                "contexts": [{"name": "one", "context": {"cluster": "one", "user": "one"}}],
                "clusters": [{"name": "one", "cluster": {"server": server, **cluster}}],
                "users": [{"name": "one", "user": user or {"token": "CANARY"}}],
            }
        )
    )
    assert found is not None
    return found


HELPER = {"apiVersion": "client.authentication.k8s.io/v1", "command": "false"}


@pytest.mark.parametrize(
    "wrong",
    [
        access(),
        access(**{"certificate-authority-data": "CANARY"}),
        access(**{"certificate-authority-data": "Q0FOQVJZ"}),
        access(**{"proxy-url": "gopher://CANARY"}),
        access(**{"proxy-url": "http://127.0.0.1:1"}),
        access(user={"client-certificate-data": "Q0FOQVJZ", "client-key-data": "Q0FOQVJZ"}),
        access(user={"exec": HELPER}),
        access(user={"exec": {**HELPER, "command": "no-such-helper"}}),
        access(user={"exec": {**HELPER, "apiVersion": "client.authentication.k8s.io/v9"}}),
        access(user={"exec": {**HELPER, "command": "echo", "args": ["CANARY"]}}),
        access(user={"token": ["CANARY"]}),
    ],
)
def test_what_cant_be_asked_is_said_without_quoting_it(wrong: ClusterAccess) -> None:
    with pytest.raises(Unreachable) as caught:
        read(wrong, Questions())
    assert "127.0.0.1:1" in str(caught.value)
    assert "CANARY" not in str(caught.value)


def test_a_helper_of_todays_protocol_is_run(portal: str) -> None:
    credential = '{"status": {"token": "from-the-helper"}}'
    helper = {**HELPER, "command": "echo", "args": [credential]}
    with pytest.raises(Unreachable):
        read(access(portal, user={"exec": helper}), Questions())
    assert Portal.seen == ["Bearer from-the-helper"]


def test_a_login_page_is_no_cluster(portal: str) -> None:
    with pytest.raises(Unreachable, match="can't be asked"):
        read(access(portal), Questions())


class Portal(http.server.BaseHTTPRequestHandler):
    """Answers everything with a page, as the login portal of a network does."""

    seen: list[str | None] = []

    def do_GET(self) -> None:
        Portal.seen.append(self.headers.get("Authorization"))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Please log in</html>")

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def portal() -> Iterator[str]:
    Portal.seen = []
    with served(Portal) as address:
        yield address


class Pages:
    """An API server whose list has grown too old before its second page was asked for."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def list(self, resource: Any, chunk_size: int | None = None, **place: str) -> Iterator[Any]:
        self.asked.append(chunk_size)
        yield "one"
        if chunk_size:
            answer = httpx2.Response(410, json={"code": 410, "reason": "Expired"})
            raise ApiError(response=answer)
        yield "two"


def test_a_list_that_expires_is_asked_for_at_once() -> None:
    reader = Reader(access())
    pages = reader._client = Pages()
    assert reader._pages("routes", namespace="*") == ["one", "two"]
    assert pages.asked == [500, None]
