"""The comments of GitHub and GitLab, as their APIs have them; can be told to go wrong."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "ghs_tokencanarytokencanarytoken0"
LONGEST = {"github": 65_536, "gitlab": 1_000_000}
Wrong = tuple[int, dict[str, str], dict[str, Any]]
"""Status, headers and body."""


@dataclass
class Forge:
    """One pull request's comments."""

    kind: str
    login: str | None = "github-actions[bot]"
    """Of the token's user; None: it has none to ask for, as a job's token."""
    comments: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[tuple[str, Wrong]] = field(default_factory=list)
    """Pattern of method and path -> what is answered, once each, in this order."""
    loses: int = 0
    """So many writes are done, and their answers lost."""
    asked: list[str] = field(default_factory=list)
    elsewhere: str | None = None
    """Host that the next page is said to be at."""
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v4"

    @property
    def environment(self) -> dict[str, str]:
        if self.kind == "github":
            return {
                "GITHUB_API_URL": self.url,
                "GITHUB_REPOSITORY": "team/registries",
                "GITHUB_REF": "refs/pull/7/merge",
                "GITHUB_TOKEN": TOKEN,
            }
        return {
            "CI_API_V4_URL": self.url,
            "CI_PROJECT_ID": "team/registries",
            "CI_MERGE_REQUEST_IID": "7",
            "GITLAB_TOKEN": TOKEN,
        }

    def add(self, body: str, login: str = "somebody", **more: Any) -> dict[str, Any]:
        id = 100 + len(self.comments)
        bot = login.endswith("[bot]")
        if self.kind == "github":
            who: Any = {"user": {"login": login, "type": "Bot" if bot else "User"}}
        else:
            who = {"author": {"id": _number(login), "username": login}, "system": False}
        self.comments.append({"id": id, "body": body.strip(), **who, **more})
        return self.comments[-1]

    def writes(self) -> list[str]:
        return [each for each in self.asked if not each.startswith("GET")]


def _number(login: str) -> int:
    return sum(map(ord, login))


class Handler(BaseHTTPRequestHandler):
    forge: Forge
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits 40 ms for its headers to be acknowledged

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_PATCH(self) -> None:
        self._serve("PATCH")

    def do_PUT(self) -> None:
        self._serve("PUT")

    def _serve(self, method: str) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(size)) if size else None
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/api/v4")
        self.forge.asked.append(f"{method} {path}")
        for each in self.forge.wrong:
            if re.fullmatch(each[0], f"{method} {path}"):
                self.forge.wrong.remove(each)
                return self._answer(*each[1])
        given = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN")
        if given not in (f"Bearer {TOKEN}", TOKEN):
            return self._answer(401, {}, {"message": "Bad credentials"})
        return self._route(method, path, parse_qs(parts.query), body)

    def _route(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> None:
        forge = self.forge
        github = forge.kind == "github"
        here = (
            "/repos/team/registries/issues/7/comments"
            if github
            else "/projects/team%2Fregistries/merge_requests/7/notes"
        )
        one = "/repos/team/registries/issues/comments/" if github else f"{here}/"
        if path == "/user":
            if forge.login is None:
                said = {"message": "Resource not accessible by integration"}
                return self._answer(403, {}, said)
            who = {"login": forge.login, "id": _number(forge.login)}
            return self._answer(200, {}, who)
        if body is not None and len(body["body"].encode("utf-16-le")) // 2 > LONGEST[forge.kind]:
            return self._answer(
                422, {}, {"message": "body is too long (maximum is 65536 characters)"}
            )
        if (method, path) == ("GET", here):
            return self._page(path, query)
        if (method, path) == ("POST", here):
            made = forge.add(body["body"], forge.login or "github-actions[bot]")
            return self._written(201, made)
        if method == ("PATCH" if github else "PUT") and path.startswith(one):
            found = [each for each in forge.comments if each["id"] == int(path[len(one) :])]
            if found:
                found[0]["body"] = body["body"].strip()
                return self._written(200, found[0])
        return self._answer(404, {}, {"message": "Not Found"})

    def _page(self, path: str, query: dict[str, list[str]]) -> None:
        size = min(int(query.get("per_page", ["30"])[0]), 100)
        page = int(query.get("page", ["1"])[0])
        listed = self.forge.comments
        if self.forge.kind == "gitlab":
            listed = listed[::-1]  # the newest first
        headers = {}
        if page * size < len(listed):
            host = self.forge.elsewhere or f"127.0.0.1:{self.forge.port}"
            url = f"http://{host}/api/v4{path}?per_page={size}&page={page + 1}"
            headers["Link"] = f'<{url}>; rel="next", <{url}0>; rel="last"'
        self._answer(200, headers, listed[(page - 1) * size : page * size])

    def _written(self, status: int, comment: dict[str, Any]) -> None:
        if self.forge.loses:
            self.forge.loses -= 1
            self.close_connection = True
            return
        self._answer(status, {}, comment)

    def _answer(self, status: int, headers: dict[str, str], body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving(forge: Forge) -> Iterator[Forge]:
    handler = type("Bound", (Handler,), {"forge": forge})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    forge.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
