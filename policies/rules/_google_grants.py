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
from ._objects import SECRETS, entries, text
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
            for key in SECRET_DATA:
                accounts.found |= {each.urn for each in origins(secret, key, (ACCOUNT,))}
        for grant in on_buckets(resources):
            named, unknown = accounts._named_by(grant)
            accounts.found |= named
            accounts.unknown = accounts.unknown or unknown
        return accounts

    def has(self, account: Resource) -> bool:
        return self._decide({account.urn}, None)

    def are_in(self, grant: Resource) -> bool:
        """Whether one of them is among those whom a grant is to."""
        return self._decide(*self._named_by(grant))

    def _decide(self, named: set[str], unknown: Exception | None) -> bool:
        if named & self.found:
            return True
        if unknown or self.unknown:
            raise unknown or self.unknown
        return False

    def _named_by(self, grant: Resource) -> tuple[set[str], Exception | None]:
        """Whom a grant is to; where the value comes from says it when the value is not known."""
        named = {each.urn for key in MEMBERS for each in origins(grant, key, (ACCOUNT,))}
        said, unknown = attempt(lambda: [m for each in grants(grant) for m in each.members])
        return named | {self._meant(each) for each in said or ()}, None if named else unknown

    def _meant(self, member: str) -> str:
        for each in self.resources:
            if each.resource_type == ACCOUNT and member.startswith("serviceAccount:"):
                name, _ = attempt(lambda each=each: text(each.props, "accountId"))
                if name == member.removeprefix("serviceAccount:").partition("@")[0]:
                    return each.urn
        return member


def on_buckets(resources: Sequence[Resource]) -> list[Resource]:
    """The grants on buckets of the registry."""
    if not any(each.resource_type in BUCKET_GRANTS for each in resources):
        return []
    return [
        each
        for bucket in STORE.of_registry(resources)
        for each in STORE.parts(resources, bucket, BUCKET_GRANTS)
    ]
