"""Names of hosts."""

import re
from ipaddress import IPv4Address
from typing import Annotated, Any

from settings.refusal import refusal
from settings.types import Checked

LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
LONGEST_LABEL = 63
DNS_NAME = rf"(?!([^:]*\.)?[0-9]+(:|$))(?=[^:]{{1,253}}(:|$)){LABEL}(\.{LABEL})*"
PORT = r"[1-9][0-9]{0,4}"
ADVICE = "write a lower-case DNS name alone, e.g. registry.apps.example.com"


def is_dns_name(text: str) -> bool:
    return bool(re.fullmatch(DNS_NAME, text))


def is_host(text: str) -> bool:
    """A lower-case DNS name, or an IPv4 address."""
    try:
        return str(IPv4Address(text)) == text
    except ValueError:
        return is_dns_name(text)


def is_port(text: str) -> bool:
    return bool(re.fullmatch(PORT, text)) and int(text) <= 65535


class _Host(Checked):
    """A DNS name in lower case, with or without a port."""

    def __init__(self, port: bool):
        self.port = port

    def check(self, value: str) -> str:
        if not value:
            raise refusal("empty", "is empty", "leave the key out")
        if not self._fits(value):
            better = re.sub(r"^\w+://", "", value).partition("/")[0].rstrip(".").lower()
            better = better if self.port else better.partition(":")[0]
            what = "is not a host name" + (", or one with a port" if self.port else "")
            raise refusal("host", what, f"write {better}" if self._fits(better) else ADVICE)
        return value

    def _fits(self, value: str) -> bool:
        host, colon, port = value.partition(":")
        return is_dns_name(host) and (not colon or (self.port and is_port(port)))

    def json_schema(self) -> dict[str, Any]:
        return {"pattern": f"^{DNS_NAME}(:{PORT})?$" if self.port else f"^{DNS_NAME}$"}


HostName = Annotated[str, _Host(port=False)]
HostAndPort = Annotated[str, _Host(port=True)]
