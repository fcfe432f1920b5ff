"""What listens: each call is attributed to whose token it bears, and answered by the service whose
path it has, or, once it is allowed, by the emulator."""

import io
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from gcp_storage_emulator.server import GET, HANDLERS, Request, Response, _read_raw_data

from lab.clouds.google.server import accounts, buckets, kms, objects, projects, tokens
from lab.clouds.google.server.call import Answer, Call
from lab.clouds.google.server.refused import Refused, not_played
from lab.clouds.google.server.state import State

ROUTES = [
    (method, re.compile(pattern), handler)
    for service in (projects, accounts, kms, buckets)
    for (method, pattern), handler in service.ROUTES.items()
]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, state: State, context: Any) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.state = state
        self.here = f"https://127.0.0.1:{port}/token"
        # The handshake is the thread's: a client that is slow at it keeps nobody else waiting.
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # a handshake for each request would take longer than they do
    disable_nagle_algorithm = True  # else an answer's end waits 40 ms for its beginning
    wbufsize = -1  # one packet an answer
    server: Server
    timeout = 60
    body: bytes

    @property
    def storage(self) -> Any:
        """The emulator asks its handler for it."""
        return self.server.state.storage

    def _answer(self) -> None:
        connection = self.rfile
        self._read()
        parts = urlsplit(self.path)
        # Through a proxy, old clients name the host in the request's line too.
        self.path = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            with self.server.state.lock:
                self._serve(parts.path, parse_qs(parts.query))
        except Refused as refused:
            self._send(refused.code, refused.body())
        finally:
            self.rfile = connection

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def _read(self) -> None:
        """All of the body: what is left of it would be read as the next request. The emulator reads
        it again."""
        self.wfile.flush()  # that it may go on, to who has asked whether
        self.body = _read_raw_data(self) or b""
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            self.rfile.readline()
        self.rfile = io.BytesIO(self.body)
        for name in ("Transfer-Encoding", "Content-Length"):
            del self.headers[name]
        self.headers["Content-Length"] = str(len(self.body))

    def _serve(self, path: str, query: dict[str, list[str]]) -> None:
        state = self.server.state
        if (self.command, path) == ("POST", "/token"):
            form = parse_qs(self.body.decode(errors="replace"))
            self._send(200, tokens.token(state, form, self.server.here))
            return
        who = self._who(path, query)
        call = Call(state, self.command, path, query, who, self.body)
        for method, pattern, handler in ROUTES:
            if method == self.command and (found := pattern.fullmatch(path)):
                self._send(200, handler(call, *map(unquote, found.groups())))
                return
        objects.check(call)
        self._emulate(path)

    def _who(self, path: str, query: dict[str, list[str]]) -> str | None:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer":
            who = self.server.state.bearer(token)
            if who is None:
                raise Refused(401, "Request had invalid authentication credentials.")
            return who
        return tokens.signed_url(self.server.state, self.command, path, query)

    def _emulate(self, path: str) -> None:
        """As the emulator's own router does, but for HEAD, which it lacks, and for its answers'
        URLs, in which it takes every service for one without TLS."""
        method = GET if self.command == "HEAD" else self.command
        request, response = Request(self, method), Response(self)
        request._base_url = request._base_url.replace("http://", "https://", 1)
        request._full_url = request._full_url.replace("http://", "https://", 1)
        for pattern, handlers in HANDLERS:
            match = re.fullmatch(pattern, path)
            if match is None:
                continue
            if method not in handlers:
                break
            request.set_match(match)
            handlers[method](request, response, self.storage)
            self._close(response)
            return
        raise not_played(f"{self.command} {path}")

    def _close(self, response: Response) -> None:
        content = response._content
        content = content.encode() if isinstance(content, str) else content
        self.send_response(response.status.value, response.status.phrase)
        for name, value in response._headers.items():
            self.send_header(name, value)
        self._end(content)

    def _send(self, code: int, answer: Answer) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self._end(json.dumps(answer).encode())

    def _end(self, content: bytes) -> None:
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
