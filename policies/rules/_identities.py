"""The users and roles of IAM that reach the registry's images, and their rights."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from declare import Resource

from ._aws import DECIDING, bucket_configs, is_named, registry_buckets, token
from ._documents import Statement, bucket_arn, granting, object_arn, statements
from ._objects import NAMESPACE, SECRETS, mapping, text
from ._origins import origins
from ._unknown import attempt, judge_known_first
from .credential_secret_keys import NAME as USERS_SECRET

USER, ROLE = token("iam", "User"), token("iam", "Role")
USER_POLICY, ROLE_POLICY = token("iam", "UserPolicy"), token("iam", "RolePolicy")
POLICY = token("iam", "Policy")
ACCESS_KEY = token("iam", "AccessKey")

# Whose it is, by type: the property, and the type of what that names.
OWNED_BY = {
    USER_POLICY: ("user", USER),
    token("iam", "UserPolicyAttachment"): ("user", USER),
    token("iam", "UserLoginProfile"): ("user", USER),
    token("iam", "UserGroupMembership"): ("user", USER),
    ACCESS_KEY: ("user", USER),
    ROLE_POLICY: ("role", ROLE),
    token("iam", "RolePolicyAttachment"): ("role", ROLE),
}
DOCUMENTS = (USER_POLICY, ROLE_POLICY, POLICY)
SECRET_DATA = ("stringData", "data")
OWNERS = (USER, ROLE)
ATTACHMENTS = (token("iam", "UserPolicyAttachment"), token("iam", "RolePolicyAttachment"))
# What a rule about the registry's identities has to see.
IDENTIFYING = (*DECIDING, *SECRETS, *OWNERS, *OWNED_BY, POLICY)

CLUSTERS_SECRET = "installer-cloud-credentials"
CREDENTIALS = (USERS_SECRET, CLUSTERS_SECRET)


def credential_secrets(resources: Sequence[Resource], *names: str) -> list[Resource]:
    """The secrets that the operator takes its credentials from."""
    return [
        each
        for each in resources
        if each.resource_type in SECRETS
        and text(each.props, "metadata", "name") in (names or CREDENTIALS)
        and text(each.props, "metadata", "namespace") == NAMESPACE
    ]


def owner_of(resource: Resource, resources: Sequence[Resource]) -> str:
    """The user or role that it belongs to: a URN, or a name where the stack has no such."""
    key, kind = OWNED_BY[resource.resource_type]
    if found := origins(resource, key, (kind,)):
        return found[0].urn
    name = text(resource.props, key)
    for each in resources:
        if each.resource_type == kind and text(each.props, "name") == name:
            return each.urn
    # A user and a role may share a name.
    return f"{kind} {name}"


def bucket_names(resources: Sequence[Resource]) -> set[str]:
    """The names of the registry's buckets, those that the stack does not make included."""
    buckets = list(registry_buckets(resources))
    names = {text(each.props, "bucket") for each in buckets}
    for config in bucket_configs(resources):
        if not any(is_named(each, config) for each in buckets):
            names.add(text(config.props, "spec", "storage", "s3", "bucket"))
    return {name for name in names if name}


@dataclass
class Reach:
    """Who reaches the images, and what a preview can't tell of that yet.

    The users and roles that the operator's secrets are made of, and whoever is allowed something
    on a bucket of the registry.
    """

    resources: Sequence[Resource]
    owners: set[str] = field(default_factory=set)
    policies: set[str] = field(default_factory=set)
    """The URNs of policies apart that allow something on a bucket of the registry."""
    undecided: list[tuple[str | None, Exception]] = field(default_factory=list)
    """Whom an unknown value may make one of them, None for anybody."""
    unknown_policies: dict[str, Exception] = field(default_factory=dict)

    @classmethod
    def of(cls, resources: Sequence[Resource]) -> "Reach":
        reach = cls(resources)
        for secret in credential_secrets(resources):
            reach._by_secret(secret)
        documents = [each for each in resources if each.resource_type in DOCUMENTS]
        names = bucket_names(resources) if documents else set()
        for each in documents:
            _, unknown = attempt(lambda each=each: reach._by_document(each, names))
            if unknown:
                reach.undecided.append((None, unknown))
        return reach

    def has(self, owner: str) -> bool:
        """Whether this user or role is one of them."""
        if owner in self.owners:
            return True
        for who, unknown in self.undecided:
            if who in (None, owner):
                raise unknown
        return False

    def has_any(self, owners: Iterable[str]) -> bool:
        found = set(owners)
        return bool(found & self.owners) or any([self.has(each) for each in found])

    def has_policy(self, policy: Resource) -> bool:
        """Whether the document says what one of them may do."""
        if policy.resource_type in OWNED_BY:
            return self.has(owner_of(policy, self.resources))
        if policy.urn in self.policies or self._attached(policy) & self.owners:
            return True
        if unknown := self.unknown_policies.get(policy.urn):
            raise unknown
        return self.has_any(self._attached(policy))

    def _by_secret(self, secret: Resource) -> None:
        found = {
            each for key in SECRET_DATA for each in origins(secret, key, (*OWNERS, ACCESS_KEY))
        }
        for each in found:
            is_key = each.resource_type == ACCESS_KEY
            self.owners.add(owner_of(each, self.resources) if is_key else each.urn)
        if not found:
            read = [
                attempt(lambda key=key: list(mapping(secret.props, key).values()))
                for key in SECRET_DATA
            ]
            self.undecided += [(None, unknown) for _, unknown in read if unknown]

    def _by_document(self, policy: Resource, names: set[str]) -> None:
        owned = policy.resource_type in OWNED_BY
        owners = {owner_of(policy, self.resources)} if owned else self._attached(policy)
        if owned and owners <= self.owners:
            return  # Nothing has to be known of it.
        reaches, unknown = attempt(lambda: reaches_any(statements(policy), names))
        if unknown:
            self.undecided += [(each, unknown) for each in owners]
            self.unknown_policies[policy.urn] = unknown
        elif reaches:
            self.owners |= owners
            self.policies.add(policy.urn)

    def _attached(self, policy: Resource) -> set[str]:
        """Whom a policy apart is attached to."""
        return {
            owner_of(each, self.resources)
            for each in self.resources
            if each.resource_type in ATTACHMENTS
            and any(one.urn == policy.urn for one in origins(each, "policyArn", (POLICY,)))
        }


def judge_documents(
    resources: Sequence[Resource], check: Callable[[Resource], Iterator[Any]]
) -> Iterator[Any]:
    """The findings about the documents that say what they may do."""
    documents = [each for each in resources if each.resource_type in DOCUMENTS]
    if documents:
        reach = Reach.of(resources)
        yield from judge_known_first(
            documents, lambda each: check(each) if reach.has_policy(each) else ()
        )


def reaches_any(found: Sequence[Statement], names: set[str]) -> bool:
    """Whether something is allowed on one of these buckets or on what is in it."""
    return any(
        _is_about_objects(each)
        and any(
            each.covers_resource(bucket_arn(name)) or each.covers_resource(object_arn(name))
            for name in names
        )
        for each in granting(list(found))
    )


def _is_about_objects(statement: Statement) -> bool:
    return bool(statement.words("NotAction")) or any(
        each == "*" or each.lower().startswith("s3:") for each in statement.words("Action")
    )
