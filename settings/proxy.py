"""The registry's own proxy settings."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic_core import core_schema

from settings.form import Form, Maybe, entry
from settings.problems import is_encrypted
from settings.refusal import refusal
from settings.secret import ENCRYPTED, Secret
from settings.types import Text

SCHEMES = ("http", "https", "socks5", "socks5h")
"""What Go's HTTP client takes in HTTP_PROXY and HTTPS_PROXY."""


class _ProxyUrl:
    """A URL; a `Secret` if it holds a user name, because a password is then near."""

    def check(self, value: Any) -> str | Secret:
        if isinstance(value, Secret):
            return value
        if is_encrypted(value):
            return Secret(None)
        if value is None:
            raise refusal("null", "has no value", "leave the key out")
        if not isinstance(value, str):
            raise refusal("type", "is not text", "write a URL, e.g. http://proxy.example.com:3128")
        if not value:
            raise refusal("empty", "is empty", "leave the key out")
        if not _is_url(value):
            raise refusal(
                "proxy-url",
                "is not a URL with a scheme, without which the registry can't use a proxy",
                "write scheme, host and port, e.g. http://proxy.example.com:3128",
            )
        return Secret(value) if "@" in value else value

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "pattern": "^(https?|socks5h?)://[^@]+$"}, ENCRYPTED]}


def _is_url(value: str) -> bool:
    if " " in value or not value.isprintable():
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


ProxyUrl = Annotated[str | Secret, _ProxyUrl()]


class Proxy(Form):
    """Each key that is left out keeps coming from proxy/cluster, on its own."""

    http: Maybe[ProxyUrl] = entry(
        "HTTP_PROXY of the registry. With a user name it must be a Pulumi secret.",
        guide="2.5",
        example="http://proxy.example.com:3128",
    )
    https: Maybe[ProxyUrl] = entry(
        "HTTPS_PROXY of the registry. With a user name it must be a Pulumi secret.", guide="2.5"
    )
    no_proxy: Maybe[Text] = entry(
        "NO_PROXY of the registry, hosts and domains with commas between. It replaces the "
        "cluster's list.",
        guide="2.5",
        example=".cluster.local,.svc,10.0.0.0/16",
    )
