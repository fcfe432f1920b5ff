"""The TLS front: what Azure would ask first, then Azurite, byte for byte."""

import http.client
import ssl
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

from lab.clouds.azure.server.rules import Refusal, refusal
from lab.clouds.azure.store import Store

PATIENCE = 60
BLOCK = 1 << 20
ACCOUNTS = "Microsoft.Storage/storageAccounts"
ENDPOINTS = "Microsoft.Network/privateEndpoints"
OWN = {"connection", "keep-alive", "transfer-encoding"}


class Front(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, port: int, certificate: Path, store: Store, behind: Callable[[], int]
    ) -> None:
        """`behind`: Azurite's port."""
        super().__init__(("127.0.0.1", port), Handler)
        self.store, self.behind = store, behind
        # Its certificate is this one too, of an authority of the lab.
        self.behind_context = ssl.create_default_context(cadata=_chain(certificate))
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(certificate)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2

    def finish_request(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        """The handshake is the connection's own thread's."""
        request.settimeout(PATIENCE)
        try:
            with self.context.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client_address)
        except (ssl.SSLError, OSError):
            return  # it has gone


def _chain(certificate: Path) -> str:
    """The file without its key."""
    return certificate.read_text().partition("-----BEGIN PRIVATE KEY-----")[0]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits 40 ms for its headers to be acknowledged
    server: Front

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name = (self.headers.get("Host") or "").partition(".")[0]
        store, query = self.server.store, self.path.partition("?")[2]
        accounts = [each for each in store.every(ACCOUNTS) if each["id"].endswith(f"/{name}")]
        account = accounts[0] if accounts else None
        refused = refusal(account, store.every(ENDPOINTS), self.headers, query)
        if refused is not None:
            self._refuse(refused)
            return
        there = http.client.HTTPSConnection(
            "127.0.0.1",
            self.server.behind(),
            timeout=PATIENCE,
            context=self.server.behind_context,
        )
        try:
            self._ask(there, body)
        finally:
            there.close()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _any

    def _ask(self, there: http.client.HTTPConnection, body: bytes) -> None:
        there.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in OWN:
                there.putheader(name, value)
        there.endheaders(body or None)
        answer = there.getresponse()
        self.send_response_only(answer.status, answer.reason)
        length = answer.getheader("Content-Length")
        for name, value in answer.getheaders():
            if name.lower() not in OWN:
                self.send_header(name, value)
        none = self.command == "HEAD" or answer.status in {204, 304}
        if length is None and not none:
            # Azurite answers some lists in pieces.
            content = answer.read()
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            return
        self.end_headers()
        while not none and (block := answer.read(BLOCK)):
            self.wfile.write(block)

    def _refuse(self, refused: Refusal) -> None:
        text = (
            '<?xml version="1.0" encoding="utf-8"?>'
            f"<Error><Code>{refused.code}</Code><Message>{escape(refused.message)}</Message></Error>"
        ).encode()
        self.send_response_only(refused.status)
        self.send_header("x-ms-error-code", refused.code)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)
