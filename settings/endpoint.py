"""Where a store that speaks S3 is reached."""

import re
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from settings.hosts import is_host
from settings.refusal import refusal
from settings.types import Checked

SCHEMES = ("http", "https")
EXAMPLE = "https://objects.example.com"
IN_CLUSTER = re.compile(r".+\.svc(\.cluster\.local)?")


class _Endpoint(Checked):
    """A URL with a scheme and a host; openshift/api says so of it, and does not enforce it."""

    def check(self, value: str) -> str:
        if not value:
            raise refusal("empty", "is empty", "leave the key out")
        if not re.match(r"\w+://", value):
            better = f"https://{value}"
            raise refusal(
                "s3:endpoint",
                "has no scheme, without which the registry finds no host in it",
                f"write {better}" if _parts(better) else f"write a URL, e.g. {EXAMPLE}",
            )
        parts = _parts(value)
        if parts is None:
            raise refusal(
                "s3:endpoint",
                "is not a URL of http or https with a host",
                f"write a lower-case host after the scheme, e.g. {EXAMPLE}",
            )
        if "@" in parts.netloc or parts.query or parts.fragment or "?" in value or "#" in value:
            raise refusal(
                "s3:endpoint",
                "has more in it than scheme, host, port and path",
                f"write only these, e.g. {EXAMPLE}; keys belong under `credentials`",
            )
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"pattern": "^https?://[^@?#]+$"}


def _parts(value: str) -> SplitResult | None:
    if not re.fullmatch(r"[!-~]+", value):
        return None
    try:
        parts = urlsplit(value)
        fine = parts.scheme in SCHEMES and parts.port != 0
        host = parts.netloc.rpartition("@")[2].rpartition("]")[2]
        host = re.sub(r":[0-9]*$", "", host)
        return parts if fine and is_host(host) and not host.endswith(".") else None
    except ValueError:
        return None


Endpoint = Annotated[str, _Endpoint()]


def host(endpoint: str) -> str:
    return urlsplit(endpoint).hostname or ""


def port(endpoint: str) -> int | None:
    """None unless one is written."""
    return urlsplit(endpoint).port


def path(endpoint: str) -> tuple[str, ...]:
    return tuple(each for each in urlsplit(endpoint).path.split("/") if each)


def is_https(endpoint: str) -> bool:
    return urlsplit(endpoint).scheme == "https"


def in_cluster(endpoint: str) -> bool:
    """Is it a Service, which nobody outside the cluster reaches?"""
    return bool(IN_CLUSTER.fullmatch(host(endpoint)))


def is_url(text: str) -> bool:
    """Has it a scheme and a host, and no more than a port and a path?"""
    parts = _parts(text)
    return parts is not None and not ("@" in parts.netloc or "?" in text or "#" in text)


def raw_path(endpoint: str) -> str:
    return urlsplit(endpoint).path
