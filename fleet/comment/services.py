"""Where comments are: of a pull request on GitHub, of a merge request on GitLab.

https://docs.github.com/rest/issues/comments and https://docs.gitlab.com/api/notes
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from fleet.comment.api import Api, Lost, NotPosted

TRIES = 3


@dataclass(frozen=True)
class Found:
    """A comment that is there."""

    id: int
    body: str


class Service(Protocol):
    """The comments of one pull request."""

    limit: int
    """The longest one, in characters."""

    def own(self, marker: str) -> Iterator[Found]:
        """Those that begin with the marker and that the token may have written, oldest first."""

    def create(self, body: str) -> None: ...

    def update(self, found: Found, body: str) -> None: ...


class GitHub:
    limit = 65_536

    def __init__(self, api: Api, repository: str, number: int) -> None:
        self._api = api
        self._repository = f"repos/{quote(repository)}"
        self._comments = f"{self._repository}/issues/{number}/comments"

    def own(self, marker: str) -> Iterator[Found]:
        mine = self._login()
        for each in self._api.pages(self._comments):
            author = each.get("user") or {}
            # A job's token has no user to ask for; what it writes is a bot's.
            ours = author.get("login") == mine if mine else author.get("type") == "Bot"
            if ours and (each.get("body") or "").startswith(marker):
                yield Found(each["id"], each["body"])

    def create(self, body: str) -> None:
        self._api.ask("POST", self._comments, {"body": body})

    def update(self, found: Found, body: str) -> None:
        path = f"{self._repository}/issues/comments/{found.id}"
        self._api.ask("PATCH", path, {"body": body})

    def _login(self) -> str | None:
        try:
            return self._api.ask("GET", "user").json().get("login")
        except Lost:
            raise
        except NotPosted:
            return None


class GitLab:
    limit = 1_000_000

    def __init__(self, api: Api, project: str, number: int) -> None:
        self._api = api
        self._notes = f"projects/{quote(project, safe='')}/merge_requests/{number}/notes"

    def own(self, marker: str) -> Iterator[Found]:
        mine = self._api.ask("GET", "user").json()["id"]
        notes: list[dict[str, Any]] = [*self._api.pages(self._notes)]
        for each in sorted(notes, key=lambda each: each["id"]):
            ours = not each.get("system") and each["author"]["id"] == mine
            if ours and each["body"].startswith(marker):
                yield Found(each["id"], each["body"])

    def create(self, body: str) -> None:
        self._api.ask("POST", self._notes, {"body": body})

    def update(self, found: Found, body: str) -> None:
        self._api.ask("PUT", f"{self._notes}/{found.id}", {"body": body})


def post(service: Service, marker: str, body: str) -> str:
    """Edit the comment that is there, or write one: `posted`, `updated` or `unchanged`."""
    for attempt in range(1, TRIES + 1):
        found = next(iter(service.own(marker)), None)
        if found is not None:
            # Both services keep a comment without the white space at its end.
            if found.body.strip().replace("\r\n", "\n") == body.strip():
                return "unchanged"
            service.update(found, body)
            return "updated"
        try:
            service.create(body)
            return "posted"
        except Lost:
            # It may have been written: then it is found, and not written again.
            if attempt == TRIES:
                raise
    raise AssertionError("the last try has ended it")
