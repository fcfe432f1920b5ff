"""`python -m lab.network [--door PORT FILE]...`: an HTTP proxy that leads to the lab alone.

It takes CONNECT and nothing else, and at each port only to the names in its FILE (JSON, see
routes.py); TLS goes through it as it is. What it does not know it refuses: a lab reaches nothing
but loopback.
"""

import argparse
import json
import signal
import socket
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from lab.network.routes import Routes, leads

PATIENCE = 10


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # 5 by default: who comes then waits for seconds
    routes: Routes = {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits 40 ms for its headers to be acknowledged
    server: Server

    def do_CONNECT(self) -> None:
        host, _, port = self.path.rpartition(":")
        known = leads(self.server.routes, host.strip("[]"), int(port)) if port.isdigit() else None
        if known is None:
            names = ", ".join(self.server.routes)
            self._refuse(403, f"{self.path} is not in this lab, whose network knows {names}")
            return
        address, _, local = known.rpartition(":")
        try:
            there = socket.create_connection((address, int(local)), PATIENCE)
        except OSError as error:
            self._refuse(502, f"{self.path} is {known} here, which does not answer: {error}")
            return
        self.send_response(200, "Connection established")
        self.end_headers()
        self.close_connection = True
        there.settimeout(None)
        with there:
            threading.Thread(target=_pour, args=(self.connection, there), daemon=True).start()
            _pour(there, self.connection)

    def _elsewise(self) -> None:
        self._refuse(403, f"{self.command} {self.path}: this proxy takes nothing but CONNECT")

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _elsewise

    def _refuse(self, status: int, text: str) -> None:
        body = f"{text}\n".encode()
        # A client shows the reason and hardly ever the body.
        self.send_response(status, text.encode("ascii", "replace").decode())
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.close_connection = True


def _pour(source: socket.socket, sink: socket.socket) -> None:
    """Until the source has no more; then the sink is told so."""
    try:
        while data := source.recv(1 << 16):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        for each in (source, sink):
            with suppress(OSError):
                # To close it would neither wake who waits for it nor tell the other end.
                each.shutdown(socket.SHUT_RDWR)


def main() -> None:
    parser = argparse.ArgumentParser(prog="lab.network", description=__doc__)
    parser.add_argument("--door", nargs=2, action="append", default=[], metavar=("PORT", "FILE"))
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    for port, file in arguments.door:
        server = Server(("127.0.0.1", int(port)), Handler)
        server.routes = json.loads(Path(file).read_text())
        threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
