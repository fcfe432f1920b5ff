"""A user of IAM for the registry, and its access key.

Makes the user, what it may, and the key, which is a secret from birth. It may use one bucket and
one key. Refuses to make: a user that may log in to the console, one with another policy.
"""

from collections.abc import Sequence

import pulumi
from pulumi import Output, Resource, ResourceOptions
from pulumi_aws import iam

from components.aws.documents import registry_policy
from components.aws.found import Account
from components.found import left_over, taken_up
from components.options import kept, merged
from settings.facts import labels
from settings.names import ACCESS_KEY, SECRET_KEY
from settings.s3_credentials import CreatedUser

POLICY = "image-registry"
MOST_KEYS = 2
"""Of one user (IAM User Guide, "IAM and AWS STS quotas")."""


def registry_user(
    wanted: CreatedUser, name: str, account: Account, opts: ResourceOptions
) -> iam.User:
    """Kept whatever happens to the stack: the registry that stays logs in as it."""
    live = account.user(name)
    there = live is not None and account.ours(live.tags)
    return iam.User(
        name,
        name=name,
        permissions_boundary=wanted.permissions_boundary,
        tags=labels(account.cluster),
        opts=kept(opts, taken_up(name, there)),
    )


def access_key(
    wanted: CreatedUser,
    user: iam.User,
    name: str,
    account: Account,
    key: str | None,
    previous: str | None,
    opts: ResourceOptions,
) -> tuple[dict[str, Output[str]], Output[str | None], Sequence[Resource]]:
    """The keys of the secret; the access key again, if there are older ones of a registry; and what
    was made: what the user may, and its access key.

    `key` is what the registry encrypts with, unless that key's policy lets the user; `previous` the
    access key in the live secret. The access key has a name of its own for each `rotation`: a new
    one is made, and in the secret, before the engine deletes the old one. It is not retained, which
    would keep each old one for ever; the protected secret that holds it keeps it in the state.
    """
    policy = iam.UserPolicy(
        name,
        name=POLICY,
        user=user.name,
        policy=registry_policy(account.names, account.storage.bucket.name, key),
        opts=kept(opts),
    )
    present = set(account.access_keys(name))
    after = merged(opts, ResourceOptions(depends_on=[policy]))
    made = iam.AccessKey(
        f"{name}-{wanted.rotation}" if wanted.rotation else name, user=user.name, opts=after
    )
    remove = f"aws iam delete-access-key --user-name {name} --access-key-id {{}}"
    _warn_of_the_limit(name, present, previous, remove)
    left_over(f"of {name} the access key", present, previous, made.id, remove)
    keys = {ACCESS_KEY: Output.secret(made.id), SECRET_KEY: made.secret}
    return keys, made.id.apply(lambda mine: _newer(mine, present, previous)), (policy, made)


def _newer(mine: str, present: set[str], previous: str | None) -> str | None:
    """It, if the engine may delete an older one. After a run that was killed, or did not see the
    registry take it, the secret has it already, and the older one is only in AWS."""
    return mine if previous is not None and {*present, previous} - {mine} else None


def _warn_of_the_limit(name: str, present: set[str], current: str | None, remove: str) -> None:
    """A run that is refused another key ends there, before it is known which one the state has."""
    if len(present) >= MOST_KEYS and not pulumi.runtime.is_dry_run():
        ways = "\n".join(f"      {remove.format(each)}" for each in sorted(present - {current}))
        pulumi.log.warn(
            f"{name} has {len(present)} access keys, and AWS makes no more\n    fix: if this run "
            f"fails for that, an interrupted one has left a key: remove it\n{ways}"
        )
