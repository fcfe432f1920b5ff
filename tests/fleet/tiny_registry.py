"""A registry of a few lines, that can be told to go wrong."""

import base64
import hashlib
import json
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, bytes]
TOKEN = "sha256~token-canary"


@dataclass
class Tiny:
    """What it holds, and how it behaves."""

    login: str = ""
    """basic, bearer, or a challenge as it is sent."""
    fails: dict[str, Answer] = field(default_factory=dict)
    """Pattern of method and path, or of PATCH and its number -> what is answered."""
    spoils: bool = False
    blobs: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    port: int = 0
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def challenge(self) -> str:
        realm = f'realm="{self.url}/openshift/token",service="tiny"'
        return {"basic": 'Basic realm="tiny"', "bearer": f"Bearer {realm}"}.get(
            self.login, self.login
        )

    def allowed(self, path: str, authorization: str) -> bool:
        basic = "Basic " + base64.b64encode(f"unused:{TOKEN}".encode()).decode()
        if not self.login:
            return True
        if self.login == "basic" or path == "/openshift/token":
            return authorization == basic
        return authorization == "Bearer exchanged"


class Handler(BaseHTTPRequestHandler):
    tiny: Tiny
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits 40 ms for its headers to be acknowledged

    def log_message(self, *_: object) -> None:
        pass

    def _serve(self) -> None:
        tiny = self.tiny
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path)
        tiny.asked.append((self.command, parts.path))
        if not tiny.allowed(parts.path, self.headers.get("Authorization", "")):
            errors = {"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}
            self._say(401, json.dumps(errors).encode(), {"WWW-Authenticate": tiny.challenge()})
            return
        if parts.path == "/openshift/token":
            self._say(200, b'{"access_token": "exchanged"}')
            return
        if self.command == "PATCH":
            tiny.ranges.append(self.headers["Content-Range"])
        number = f"{len(tiny.ranges)}" if self.command == "PATCH" else parts.path
        for what, (status, said) in tiny.fails.items():
            if re.fullmatch(what, f"{self.command} {number}"):
                self._say(status, said)
                return
        self._registry(parts.path, parse_qs(parts.query), body)

    def _registry(self, path: str, query: dict[str, list[str]], body: bytes) -> None:
        tiny = self.tiny
        last = path.rpartition("/")[2]
        if path == "/v2/":
            self._say(200, b"{}")
        elif self.command == "POST":
            name = f"u{len(tiny.uploads)}"
            tiny.uploads[name] = b""
            self._say(202, b"", {"Location": f"{path}{name}?_state=a"})
        elif self.command == "PATCH":
            tiny.uploads[last] += body
            self._say(202, b"", {"Location": f"{tiny.url}{path}?_state=b"})
        elif self.command == "PUT" and "/uploads/" in path:
            content = tiny.uploads.pop(last)
            assert query["digest"] == [f"sha256:{hashlib.sha256(content).hexdigest()}"]
            tiny.blobs[query["digest"][0]] = content
            self._say(201, b"")
        elif self.command == "PUT":
            tiny.manifests[last] = body
            self._say(201, b"")
        elif self.command == "DELETE":
            self._say(202, b"")
        else:
            content = tiny.blobs.get(last, tiny.manifests.get(last))
            spoilt = tiny.spoils and last in tiny.blobs
            self._say(200, content[:-1] + b"?" if spoilt else content)

    def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve


@contextmanager
def serving(tiny: Tiny, certificate: Path | None = None) -> Iterator[Tiny]:
    """`certificate`: a PEM file with the key in it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"tiny": tiny}))
    server.daemon_threads = True
    tiny.port = server.server_address[1]
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        tiny.scheme = "https"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield tiny
    server.shutdown()
    server.server_close()
