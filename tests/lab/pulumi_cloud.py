"""Pulumi Cloud as far as publishing and enabling a policy pack needs it: requests are kept.

Its API as the CLI speaks it: pulumi pkg/backend/httpstate/client. It judges nothing, so what it
shows is what the CLI sends, and not that the service takes it.
"""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ORGANISATION = "acme"
USER = {"githubLogin": "somebody", "organizations": [{"githubLogin": ORGANISATION}]}


@dataclass
class Cloud:
    """Where it is, and what it was sent."""

    url: str = ""
    published: list[dict[str, Any]] = field(default_factory=list)
    uploaded: list[bytes] = field(default_factory=list)
    completed: list[str] = field(default_factory=list)
    groups: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def answer(self, method: str, path: str, body: bytes) -> Any:
        """None if there is no such thing."""
        packs = f"/api/orgs/{ORGANISATION}/policypacks"
        group = f"/api/orgs/{ORGANISATION}/policygroups/"
        if (method, path) == ("GET", "/api/user"):
            return USER
        if (method, path) == ("POST", packs):
            self.published.append(json.loads(body))
            return {"version": 1, "uploadURI": f"{self.url}/upload", "requiredHeaders": {}}
        if (method, path) == ("PUT", "/upload"):
            self.uploaded.append(body)
            return {}
        if method == "POST" and path.startswith(packs) and path.endswith("/complete"):
            self.completed.append(path)
            return {}
        if method == "GET" and path.startswith(f"{packs}/"):
            return self.published[-1]
        if method == "PATCH" and path.startswith(group):
            self.groups.append((path.removeprefix(group), json.loads(body)))
            return {}
        if method == "GET" and path.startswith(group):
            return {"name": path.removeprefix(group)}
        return None


@contextmanager
def pulumi_cloud() -> Iterator[Cloud]:
    cloud = Cloud()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            told = cloud.answer(self.command, self.path.partition("?")[0], body)
            missing = {"code": 404, "message": f"no {self.path}"}
            answer = json.dumps(missing if told is None else told).encode()
            self.send_response(404 if told is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = do_PATCH = _any

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    cloud.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield cloud
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
