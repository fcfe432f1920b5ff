"""Who is allowed what in Google Cloud: members, roles, and the registry's service account."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from declare import Resource

from ._google import (
    ACCOUNT,
    ACCOUNT_KEY,
    BUCKET_GRANTS,
    DECIDING,
    STORE,
)
from ._identities import SECRET_DATA, credential_secrets
from ._objects import SECRETS, entries, mapping, text
from ._origins import origins
from ._unknown import attempt

MEMBERS = ("member", "members")
# What a rule about the registry's service account has to see.
IDENTIFYING = (*DECIDING, *SECRETS, *BUCKET_GRANTS, ACCOUNT, ACCOUNT_KEY)


@dataclass(frozen=True)
class Grant:
    """A role, and whom it is given to. Each part is read when it is asked for."""

    role: str
    members: tuple[str, ...]


def grants(resource: Resource) -> list[Grant]:
    """What an IAMMember, an IAMBinding or an IAMPolicy gives."""
    if resource.resource_type.endswith("Policy"):
        document = _parsed(text(resource.props, "policyData"))
        return [
            Grant(text(each, "role") or "", tuple(_words(each, "members")))
            for each in entries(document, "bindings")
        ]
    return [Grant(text(resource.props, "role") or "", tuple(members(resource)))]


def roles(resource: Resource) -> list[str]:
    """The roles alone: a preview knows them when it does not know who gets them."""
    if resource.resource_type.endswith("Policy"):
        return [each.role for each in grants(resource)]
    return [text(resource.props, "role") or ""]


def members(resource: Resource) -> list[str]:
    one = text(resource.props, "member")
    return [one] if one is not None else _words(resource.props, "members")


def _words(node: Any, key: str) -> list[str]:
    return [each for each in entries(node, key) if isinstance(each, str)]


def _parsed(document: str | None) -> Any:
    try:
        return json.loads(document or "")
    except ValueError:
        return None


@dataclass
class Accounts:
    """The service accounts by which the registry reaches its images.

    Those whose key is in the operator's secret, and whoever is granted something on a bucket of
    the registry. An account of the stack is meant by its URN, another by its name as a member.
    """

    resources: Sequence[Resource]
    found: set[str] = field(default_factory=set)
    unknown: Exception | None = None
    """Why there may be another."""

    @classmethod
    def of(cls, resources: Sequence[Resource]) -> "Accounts":
        accounts = cls(resources)
        for secret in credential_secrets(resources):
            accounts._add(*accounts._of_secret(secret))
        for grant in on_buckets(resources):
            accounts._add(*accounts._named_by(grant))
        return accounts

    def has(self, named: set[str], unknown: Exception | None = None) -> bool:
        """Whether one of them is among these, or may be."""
        if named & self.found:
            return True
        if unknown or self.unknown:
            raise unknown or self.unknown
        return False

    def are_in(self, grant: Resource) -> bool:
        """Whether one of them is among those whom a grant is to."""
        return self.has(*self._named_by(grant))

    def owner(self, resource: Resource) -> str:
        """The account that a key is of, or that a grant is about."""
        if found := origins(resource, "serviceAccountId", (ACCOUNT,)):
            return found[0].urn
        full_name = text(resource.props, "serviceAccountId") or ""
        return self._meant(f"serviceAccount:{full_name.rpartition('/')[2]}")

    def _add(self, named: set[str], unknown: Exception | None) -> None:
        self.found |= named
        self.unknown = self.unknown or unknown

    def _of_secret(self, secret: Resource) -> tuple[set[str], Exception | None]:
        """Whose key it holds. A key file by itself says whose it is, and is not looked into."""
        keys = [each for key in SECRET_DATA for each in origins(secret, key, (ACCOUNT_KEY,))]
        if keys:
            named, unknown = attempt(lambda: {self.owner(each) for each in keys})
        else:
            named = {e.urn for key in SECRET_DATA for e in origins(secret, key, (ACCOUNT,))}
            unknown = None if named else attempt(lambda: _values(secret))[1]
        return named or set(), unknown

    def _named_by(self, grant: Resource) -> tuple[set[str], Exception | None]:
        """Whom a grant is to; where the value comes from says it when the value is not known."""
        named = {each.urn for key in MEMBERS for each in origins(grant, key, (ACCOUNT,))}
        said, unknown = attempt(
            lambda: {self._meant(one) for each in grants(grant) for one in each.members}
        )
        return named | (said or set()), None if named else unknown

    def _meant(self, member: str) -> str:
        """The account of the stack that a member is, or the member."""
        address = member.removeprefix("serviceAccount:")
        if address == member:
            return member
        unknown: Exception | None = None
        for each in self.resources:
            if each.resource_type == ACCOUNT:
                name, why = attempt(lambda each=each: text(each.props, "accountId"))
                unknown = unknown or why
                if name == address.partition("@")[0]:
                    return each.urn
        if unknown:
            raise unknown
        return member


def _values(secret: Resource) -> list[Any]:
    return [value for key in SECRET_DATA for value in mapping(secret.props, key).values()]


def on_buckets(resources: Sequence[Resource]) -> list[Resource]:
    """The grants on buckets of the registry."""
    if not any(each.resource_type in BUCKET_GRANTS for each in resources):
        return []
    return [
        each
        for bucket in STORE.of_registry(resources)
        for each in STORE.parts(resources, bucket, BUCKET_GRANTS)
    ]
