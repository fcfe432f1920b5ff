"""What is asked over one connection, one after the other."""

import threading
from collections.abc import Callable, Iterable, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from lab.clouds.listen import listen
from lab.process import free_port

pytestmark = pytest.mark.slow


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Reads no more of what it is sent than it is told to."""
    path = environ["PATH_INFO"]
    if path == "/fails":
        raise RuntimeError("it fails")
    if path == "/nothing":
        start("204 No Content", [])
        return []
    read = environ["wsgi.input"].read() if path == "/reads" else b""
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"got ", str(len(read)).encode()]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    found = free_port()
    server = listen(found, application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def connection(port: int) -> Iterator[HTTPConnection]:
    """It is never opened again: what was left of an answer or a body would be seen."""
    made = HTTPConnection("127.0.0.1", port, timeout=10)
    made.connect()
    made.auto_open = 0
    yield made
    made.close()


def ask(connection: HTTPConnection, *request: Any, **more: Any) -> tuple[int, bytes]:
    connection.request(*request, **more)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_a_body_that_nobody_read_is_not_the_next_request(connection: HTTPConnection) -> None:
    body = b"x" * 200_000
    for _ in range(2):
        assert ask(connection, "PUT", "/leaves-it", body) == (200, b"got 0")
        assert ask(connection, "PUT", "/leaves-it", iter([body, b"y"])) == (200, b"got 0")
        assert ask(connection, "PUT", "/reads", iter([body, b"y"])) == (200, b"got 200001")
        assert ask(connection, "PUT", "/reads", body) == (200, b"got 200000")


def test_answers_without_a_body(connection: HTTPConnection) -> None:
    for _ in range(2):
        assert ask(connection, "HEAD", "/") == (200, b"")
        assert ask(connection, "DELETE", "/nothing") == (204, b"")
        assert ask(connection, "GET", "/fails") == (500, b"")
        assert ask(connection, "GET", "/") == (200, b"got 0")


def test_who_asks_first_is_told_to_go_on(connection: HTTPConnection) -> None:
    connection.putrequest("PUT", "/reads")
    for name, value in (("Expect", "100-continue"), ("Content-Length", "3")):
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.send(b"abc")
    assert connection.getresponse().read() == b"got 3"
    assert ask(connection, "GET", "/") == (200, b"got 0")


def test_who_wants_it_closed_is_obeyed(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    assert ask(connection, "GET", "/", headers={"Connection": "close"}) == (200, b"got 0")
    assert connection.sock is None or connection.sock.recv(1) == b""
