"""The lab's network, where a connection breaks off."""

import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.network.service import Network

pytestmark = pytest.mark.slow

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: to close is to break off."""


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Who asks, and whom the network has led to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        process = Network.start(tmp_path, {"there.example.test:443": address}, {})
        try:
            found = Network.at(tmp_path)
            assert found is not None
            host, _, port = found.outside.rpartition(":")
            with socket.create_connection((host, int(port))) as asking:
                asking.sendall(b"CONNECT there.example.test:443 HTTP/1.1\r\n\r\n")
                with listener.accept()[0] as asked:
                    assert asking.recv(1000).startswith(b"HTTP/1.1 200 ")
                    for each in (asking, asked):
                        each.settimeout(10)
                    yield asking, asked
        finally:
            process.stop()


@pytest.mark.parametrize("breaks", ["asking", "asked"])
def test_who_breaks_off_leaves_nobody_waiting(
    ends: tuple[socket.socket, socket.socket], breaks: str
) -> None:
    first, second = ends if breaks == "asking" else ends[::-1]
    first.sendall(b"one")
    assert second.recv(3) == b"one"
    first.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    first.close()
    assert second.recv(1) == b""


def test_who_has_said_all_can_still_be_answered(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    asking, asked = ends
    asking.sendall(b"all")
    asking.shutdown(socket.SHUT_WR)
    assert (asked.recv(3), asked.recv(1)) == (b"all", b"")
    asked.sendall(b"answer")
    assert asking.recv(6) == b"answer"
