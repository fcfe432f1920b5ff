"""An API server of a few lines, over HTTP."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Api(http.server.BaseHTTPRequestHandler):
    """Answers with what it has under a path; else with 404, or 403 where it may not say."""

    objects: dict[str, Any] = {}
    forbidden: tuple[str, ...] = ()

    def do_GET(self) -> None:
        found = Api.objects.get(self.path)
        code = 403 if self.path in Api.forbidden else 200 if found else 404
        reason = {403: "Forbidden", 404: "NotFound"}.get(code)
        body = json.dumps(found if code == 200 else {"code": code, "reason": reason}).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        pass


@contextmanager
def served(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address. It looks for its end often: by itself it would do so twice a second."""
    serving = http.server.HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=serving.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    serving.server_close()
