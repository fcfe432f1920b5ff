"""A registry over HTTP: logging in, pushing in chunks, pulling."""

import hashlib
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fleet.failure import (
    Failure,
    NotAsked,
    no_registry,
    refused,
    sent_away,
    unexpected,
    unreachable,
)
from fleet.image import MANIFEST, Blob, digest

PATIENCE = 60.0
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True)
class Place:
    """Where a registry is and how to get in."""

    url: str
    connect: str | None = None
    """host:port to connect to instead, e.g. of `oc port-forward`; TLS looks at the url's name."""
    ca: str = ""
    """PEM, trusted besides the system's CAs."""
    insecure: bool = False
    token: str | None = field(default=None, repr=False)
    storage: Mapping[str, Any] = field(default_factory=dict)
    """The storage of the cluster's configs/cluster; empty where no cluster was asked."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise NotAsked(
                f"{self.url!r} is no address of a registry", "one looks like registry.example.com"
            )
        if self.connect and not re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^:/\s]+):\d{1,5}", self.connect):
            raise NotAsked(
                f"--connect {self.connect!r} is no host and port", "one looks like 127.0.0.1:5000"
            )


class Registry:
    """One repository of a registry. Every method raises `Failure`."""

    def __init__(self, place: Place, repository: str) -> None:
        self.place = place
        self.repository = repository
        self._url = place.url.rstrip("/")
        self._client = _client(place)

    def login(self) -> str:
        """How it went, in words."""
        answer = self._ask("GET", "/v2/", {})
        if answer.status_code == 200:
            return "no login wanted"
        if answer.status_code != 401:
            raise no_registry(self._url, answer)
        challenge = answer.headers.get("www-authenticate", "")
        if not self.place.token:
            raise refused("the registry", self.repository, answer, token=False)
        if urlsplit(self._url).scheme == "http" and not self._loopback():
            raise Failure(
                f"the token is not sent to {self._url}: anybody on the way could read it",
                "use https://",
            )
        kind = challenge.partition(" ")[0].lower()
        if kind == "basic":
            self._client.auth = ("unused", self.place.token)
        elif kind == "bearer":
            token = self._exchanged(dict(re.findall(r'(\w+)="([^"]*)"', challenge)))
            self._client.headers["Authorization"] = f"Bearer {token}"
        else:
            raise Failure(f"{self._url} wants a login of kind {kind!r}", "it can't be done here")
        answer = self._ask("GET", "/v2/", {})
        if answer.status_code != 200:
            raise refused("the registry", self.repository, answer, token=True)
        return f"logged in ({kind})"

    def push(self, blob: Blob, chunks: int) -> None:
        """In so many PATCH requests. A broken storage is seen at the second one, not before."""
        location = self._begin()
        size = -(-len(blob.content) // chunks)
        for number in range(chunks):
            first = number * size
            part = blob.content[first : first + size]
            location = self._patch(location, part, first, f"chunk {number + 1} of {chunks}", number)
        url = self._client.build_request("PUT", location).url.copy_add_param("digest", blob.digest)
        # The end of an upload reads back what the chunks before it wrote.
        self._expect("PUT", str(url), {201}, "the end of an upload", later=True)

    def abandon(self, content: bytes) -> str:
        """Begin an upload, send a chunk of it and leave it there. Its id."""
        location = self._patch(self._begin(), content, 0, "a chunk of an upload", 0)
        return urlsplit(location).path.rpartition("/")[2]

    def put_manifest(self, tag: str, manifest: bytes) -> None:
        headers = {"Content-Type": MANIFEST}
        url = f"/v2/{self.repository}/manifests/{tag}"
        self._expect("PUT", url, {201}, "the manifest", content=manifest, headers=headers)

    def pull_manifest(self, tag: str) -> str:
        """The digest of what the tag leads to."""
        url = f"/v2/{self.repository}/manifests/{tag}"
        answer = self._expect("GET", url, {200}, "the manifest", headers={"Accept": MANIFEST})
        return digest(answer.content)

    def pull(self, wanted: str) -> str:
        """The digest of the blob that comes when `wanted` is asked for."""
        import httpx2

        what = f"pulling {wanted[:19]}"
        seen = hashlib.sha256()
        url = f"{self._url}/v2/{self.repository}/blobs/{wanted}"
        try:
            with self._client.stream("GET", url, follow_redirects=True) as answer:
                if answer.status_code != 200:
                    answer.read()
                    if answer.history:
                        raise sent_away(what, str(answer.url), f"answers {answer.status_code}")
                    raise self._failure(what, answer)
                for part in answer.iter_bytes():
                    seen.update(part)
        except httpx2.HTTPError as error:
            if self._elsewhere(error):
                raise sent_away(what, str(error.request.url), f"fails: {error}") from None
            raise unreachable(f"{what} from {self._where(error)}", error) from None
        return f"sha256:{seen.hexdigest()}"

    def delete(self, manifest: str) -> str | None:
        """Why it was not deleted, or None."""
        answer = self._ask("DELETE", f"/v2/{self.repository}/manifests/{manifest}", {})
        if answer.status_code == 202:
            return None
        return f"the registry does not let it be deleted ({answer.status_code})"

    def _begin(self) -> str:
        url = f"/v2/{self.repository}/blobs/uploads/"
        return self._next(self._expect("POST", url, {202}, "beginning an upload"))

    def _patch(self, location: str, part: bytes, first: int, what: str, number: int) -> str:
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Range": f"{first}-{first + len(part) - 1}",
        }
        answer = self._expect(
            "PATCH", location, {202}, what, later=number > 0, content=part, headers=headers
        )
        return self._next(answer)

    def _next(self, answer: Any) -> str:
        """Where the upload goes on; on the registry itself, whatever is said."""
        said = urlsplit(str(answer.url.join(answer.headers.get("location", ""))))
        return f"{said.path}?{said.query}" if said.query else said.path

    def _exchanged(self, challenge: dict[str, str]) -> str:
        """The registry's own token for the cluster's (docs.docker.com, token authentication)."""
        realm = challenge.get("realm", "")
        if (urlsplit(realm).scheme, urlsplit(realm).netloc) != (
            urlsplit(self._url).scheme,
            urlsplit(self._url).netloc,
        ):
            raise Failure(
                f"{self._url} wants the token to be sent to {realm!r}: it is not",
                "OpenShift's registry gives out its tokens itself; is this one of OpenShift?",
            )
        scope = f"repository:{self.repository}:pull,push"
        options = {
            "params": {"service": challenge.get("service", ""), "scope": scope},
            "auth": ("unused", self.place.token),
        }
        answer = self._ask("GET", realm, options)
        if answer.status_code != 200:
            raise refused("logging in", self.repository, answer, token=True)
        try:
            given = answer.json()
            return given.get("token") or given["access_token"]
        except (ValueError, LookupError, AttributeError):
            raise Failure(f"{realm} gave no token", "is this a registry of OpenShift?") from None

    def _expect(
        self,
        method: str,
        url: str,
        statuses: set[int],
        what: str,
        later: bool = False,
        **given: Any,
    ) -> Any:
        answer = self._ask(method, url, given)
        if answer.status_code not in statuses:
            raise self._failure(what, answer, later)
        return answer

    def _failure(self, what: str, answer: Any, later: bool = False) -> Failure:
        if answer.status_code in {401, 403}:
            return refused(what, self.repository, answer, bool(self.place.token))
        return unexpected(what, answer, later)

    def _ask(self, method: str, url: str, given: dict[str, Any]) -> Any:
        import httpx2

        try:
            full = url if urlsplit(url).scheme else f"{self._url}{url}"
            return self._client.request(method, full, **given)
        except httpx2.HTTPError as error:
            raise unreachable(self._where(error), error) from None

    def _where(self, error: Exception) -> str:
        host = getattr(getattr(error, "request", None), "url", None)
        asked = f"{host.scheme}://{host.netloc.decode()}" if host is not None else self._url
        return f"{self._url} by way of {self.place.connect}" if self.place.connect else asked

    def _elsewhere(self, error: Any) -> bool:
        """Was it not the registry that was asked, but the storage it sends to?"""
        asked = f"//{error.request.url.netloc.decode()}"
        own = (self._url, f"//{self.place.connect}")
        return urlsplit(asked).hostname not in {urlsplit(each).hostname for each in own}

    def _loopback(self) -> bool:
        goes_to = self.place.connect or urlsplit(self._url).netloc
        return urlsplit(f"//{goes_to}").hostname in LOOPBACK


def _client(place: Place) -> Any:
    import httpx2

    class Elsewhere(httpx2.HTTPTransport):
        """Connects to `place.connect` and says, also to TLS, the name that was asked for."""

        def handle_request(self, request: Any) -> Any:
            there = urlsplit(f"//{place.connect}")
            # One of its own: what is changed here would go along with a redirect.
            changed = httpx2.Request(
                request.method,
                request.url.copy_with(host=there.hostname, port=there.port),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": request.url.host},
            )
            return super().handle_request(changed)

    trust = _trust(place)
    mounts: dict[str, Any] = {}
    # A proxy of the environment is meant for the world outside: not for a registry near by, but
    # for the storage that this one sends to.
    if place.connect:
        mounts[f"all://{urlsplit(place.url).hostname}"] = Elsewhere(verify=trust)
    elif urlsplit(place.url).hostname in LOOPBACK:
        mounts[f"all://{urlsplit(place.url).hostname}"] = None
    return httpx2.Client(verify=trust, mounts=mounts, timeout=PATIENCE)


def _trust(place: Place) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if place.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif place.ca:
        try:
            context.load_verify_locations(cadata=place.ca)
        except ssl.SSLError:
            raise NotAsked("the CA given is no certificate", "it has to be PEM") from None
    return context


def read_ca(path: Path) -> str:
    """A file for --ca."""
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise NotAsked(
            f"--ca {path} can't be read ({type(error).__name__})", "it has to be a file in PEM"
        ) from None
