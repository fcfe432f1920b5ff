"""HTTP as the APIs of GitHub and GitLab want it: pages, limits, and patience."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2

TRIES = 6
LONGEST = 120.0
"""Seconds that one wait may take: a limit that lasts longer is an error, and said."""
PAGES = 200
"""Of a hundred comments each. A service that sends us round in circles is not followed."""


class NotPosted(Exception):
    """The comment is not there. What the service said, and what to do about it."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


class Forbidden(NotPosted):
    """The token may not: as on pull requests from forks."""


class Lost(NotPosted):
    """No answer, time and again."""


class Api:
    """One service, asked with a token that goes to it alone."""

    def __init__(self, url: str, headers: Mapping[str, str], sleep: Any = time.sleep) -> None:
        self._client = httpx2.Client(
            base_url=url.rstrip("/") + "/", headers=dict(headers), timeout=30
        )
        self._sleep = sleep

    def pages(self, path: str) -> Iterator[Any]:
        """The members of a list, page after page as the service links them."""
        query = {"per_page": "100"}
        answer = self.ask("GET", path, query=query)
        for _ in range(PAGES):
            yield from answer.json()
            following = answer.links.get("next", {}).get("url")
            if not following:
                return
            if not self._is_own(following):
                raise NotPosted(
                    f"{self._host} sends to another server for its next page",
                    "look at the API's URL; a proxy in front of it may rewrite links",
                )
            answer = self.ask("GET", following)

    def ask(self, method: str, path: str, body: Any = None, query: Any = None) -> Any:
        """Its answer. What could not be done now is tried again, as the service says when; but a
        new thing is never asked for twice, as the first answer may just be lost."""
        for attempt in range(1, TRIES + 1):
            try:
                answer = self._client.request(method, path, json=body, params=query)
            except httpx2.TransportError as error:
                self._sleep(2**attempt / 4)
                if method == "POST" or attempt == TRIES:
                    said = str(error) or type(error).__name__
                    raise Lost(f"{self._host} gives no answer ({said})", "try again") from None
                continue
            if answer.is_success:
                return answer
            wait = _wait(answer, attempt)
            if method == "POST" and answer.status_code >= 500:
                self._sleep(wait or 0)
                raise Lost(f"{self._host} says {answer.status_code}: {_said(answer)}", "try again")
            if wait is None:
                raise _refused(answer, self._host)
            if wait > LONGEST or attempt == TRIES:
                raise NotPosted(
                    f"{self._host} asks to wait {wait:.0f} s ({answer.status_code}: "
                    f"{_said(answer)})",
                    "run the step again later",
                )
            self._sleep(wait)
        raise AssertionError("the last try has ended it")

    @property
    def _host(self) -> str:
        return str(self._client.base_url.host)

    def _is_own(self, url: str) -> bool:
        base, other = self._client.base_url, httpx2.URL(url)
        return (other.scheme, other.host, other.port) == (base.scheme, base.host, base.port)


def _wait(answer: Any, attempt: int) -> float | None:
    """Seconds until it is worth another try; None if it is not.

    https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
    https://docs.gitlab.com/security/rate_limits
    """
    code, headers = answer.status_code, answer.headers
    limited = code == 429 or (code == 403 and _is_limit(answer))
    if not limited and code < 500:
        return None
    if headers.get("retry-after", "").isdigit():
        return float(headers["retry-after"])
    if limited and headers.get("x-ratelimit-remaining") == "0":
        reset = headers.get("x-ratelimit-reset", "")
        return max(float(reset) - time.time(), 0) + 1 if reset.isdigit() else 60.0
    # GitHub: without a header, at least a minute after a secondary limit.
    return 60.0 if limited else 2**attempt / 4


def _is_limit(answer: Any) -> bool:
    headers = answer.headers
    said = _said(answer).lower()
    exhausted = headers.get("x-ratelimit-remaining") == "0"
    return exhausted or "retry-after" in headers or "rate limit" in said


def _refused(answer: Any, host: str) -> NotPosted:
    code, said = answer.status_code, _said(answer)
    message = f"{host} says {code}: {said}"
    if code == 403:
        return Forbidden(
            message,
            "give the job the right to write comments; a pull request from a fork never gets it, "
            "so render there and post from a workflow of the base repository",
        )
    if code == 401:
        return NotPosted(message, "look at the token: it is wrong or has ended")
    if code == 404:
        return NotPosted(message, "look at the repository and the number, and what the token sees")
    return NotPosted(message, "see what the service says")


def _said(answer: Any) -> str:
    """In its own words, without what follows them."""
    try:
        found = answer.json()
        message = found.get("message", found.get("error", "")) if isinstance(found, dict) else ""
    except ValueError:
        message = ""
    return " ".join(str(message or answer.reason_phrase).split())[:200]
