"""A role of IAM that the registry and its operator take on by their service accounts (STS).

Makes the role, whom it trusts and what it may. Then there is no key that lasts. Refuses to make: a
role that other service accounts or clusters may take on.
"""

from pulumi import Output, ResourceOptions
from pulumi_aws import iam

from components.aws.documents import registry_policy, trust_policy
from components.aws.found import Account
from components.found import taken_up
from components.options import kept
from settings.facts import labels
from settings.s3_credentials import CreatedRole


def registry_role(
    wanted: CreatedRole,
    name: str,
    provider: str | Output[str],
    account: Account,
    opts: ResourceOptions,
) -> iam.Role:
    """`provider` is the ARN of the provider of the cluster's identities."""
    live = account.role(name)
    there = live is not None and account.ours(live.tags)
    known = isinstance(provider, str)
    return iam.Role(
        name,
        name=name,
        description=f"The image registry of {account.cluster}",
        assume_role_policy=trust_policy(provider) if known else provider.apply(trust_policy),
        permissions_boundary=wanted.permissions_boundary,
        tags=labels(account.cluster),
        opts=kept(opts, taken_up(name, there)),
    )


def role_policy(
    role: iam.Role, name: str, key: str | None, account: Account, opts: ResourceOptions
) -> iam.RolePolicy:
    return iam.RolePolicy(
        name,
        name="image-registry",
        role=role.name,
        policy=registry_policy(account.names, account.storage.bucket.name, key),
        opts=kept(opts),
    )
