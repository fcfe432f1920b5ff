"""Names as OpenStack has them."""

import re
from typing import Annotated, Any

from settings import endpoint
from settings.refusal import refusal
from settings.types import Checked, OneOf, Syntax

EXAMPLE = "https://keystone.example.com:5000/v3"
PATH = r"/?|/v[123](\.0)?(/.*)?"
"""What the operator takes: nothing, or a version (cluster-image-registry-operator
pkg/storage/swift/swift.go, ensureAuthURLHasAPIVersion)."""


class _AuthUrl(Checked):
    """Where Keystone is: a URL whose path the operator takes."""

    def check(self, value: str) -> str:
        if not value:
            raise refusal("empty", "is empty", "leave the key out")
        if not re.match(r"https?://", value) or not endpoint.is_url(value):
            raise refusal(
                "swift:auth-url",
                "is not a URL of http or https with a host, and no more than a path after it",
                f"write what the cloud's clouds.yaml has as auth_url, e.g. {EXAMPLE}",
            )
        path = endpoint.raw_path(value)
        if not re.fullmatch(PATH, path):
            raise refusal(
                "swift:auth-url",
                f'has a path that the operator refuses ("Incorrect Auth URL: {path}")',
                "write a URL whose path is empty or begins with /v3; where Keystone is below "
                "another path, one of its ports may do without",
            )
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"pattern": r"^https?://[^@?#/]+(/|/v[123](\.0)?(/[^@?#]*)?)?$"}


AuthUrl = Annotated[str, _AuthUrl()]

VERSIONS = ("1", "2", "3")
AuthVersion = Annotated[
    str,
    OneOf(
        *VERSIONS,
        rule="swift:auth-version",
        meant={"v3": '"3"', "3.0": '"3"', "v2": '"2"', "v2.0": '"2"', "2.0": '"2"', "v1": '"1"'},
    ),
]


def version_in(url: str) -> str | None:
    """The version that a URL of Keystone ends in, if it does."""
    found = re.match(r"/v([123])", endpoint.raw_path(url))
    return found[1] if found else None


CONTAINER = Syntax(
    "swift:container-name",
    r"[A-Za-z0-9][A-Za-z0-9._-]*",
    "name for a container",
    "write letters, digits and ._- only, e.g. prod-1-image-registry",
    255,
)
ContainerName = Annotated[str, CONTAINER]
"""Of a container that is made here. Swift takes nearly anything; in the paths of access rules
and temporary URLs that would have to be escaped."""

AnyContainerName = Annotated[
    str,
    Syntax(
        "swift:container-name",
        r"[^/]+",
        "name of a container",
        "write its name alone, without the account or a path",
        255,
    ),
]
RoleName = Annotated[
    str,
    Syntax("swift:role", r"\S(.*\S)?", "name of a role", "write its name, e.g. member", 255),
]
CredentialName = Annotated[
    str,
    Syntax(
        "swift:credential-name",
        r"[A-Za-z0-9][A-Za-z0-9._-]*",
        "name for an application credential",
        "write letters, digits and ._- only, e.g. prod-1-image-registry",
        200,
    ),
]
