"""A key of AWS KMS for the registry's bucket.

Makes the key, always rotated, and its alias. The key is protected and kept whatever happens to the
stack: without it nobody can read the images. Refuses to make: a key that everybody may use, one
that the account can't administer.
"""

from pulumi import ResourceOptions
from pulumi_aws import kms

from components.aws.documents import key_policy
from components.aws.found import Account
from components.aws.names import alias_name
from components.found import left_over, taken_up
from components.options import kept, merged
from settings.bucket import CreatedKey
from settings.facts import labels


def bucket_key(
    wanted: CreatedKey,
    principal: str | None,
    account: Account,
    current: str | None,
    opts: ResourceOptions,
) -> tuple[kms.Key, list[kms.Alias]]:
    """`principal` is the ARN of who uses it, which has to exist before: KMS looks. `current` is
    the key that the registry has now: if it is this stack's, a lost state takes it up again."""
    bucket, taken = account.storage.bucket.name, ResourceOptions()
    mine = [each for each in account.tagged() if ":kms:" in each]
    if current in mine:
        # Nobody can read back for how long a deletion would wait.
        unread = ResourceOptions(ignore_changes=["deletionWindowInDays"])
        taken = merged(unread, taken_up(current.rpartition("/")[2], True))
    key = kms.Key(
        bucket,
        description=f"Images of the registry of {account.cluster}, in the bucket {bucket}",
        deletion_window_in_days=wanted.deletion_window_in_days,
        enable_key_rotation=True,
        rotation_period_in_days=wanted.rotation_period_in_days,
        policy=key_policy(account.names, principal),
        tags=labels(account.cluster),
        opts=kept(opts, taken, protect=True),
    )
    remove = f"aws kms schedule-key-deletion --region {account.names.region} --key-id {{}}"
    present = [each for each in mine if each == current or not account.going(each)]
    left_over("the key", present, current, key.arn, remove)
    return key, [_alias(wanted.alias, key, mine, account, opts)] if wanted.alias else []


def _alias(
    name: str, key: kms.Key, mine: list[str], account: Account, opts: ResourceOptions
) -> kms.Alias:
    full = alias_name(name)
    live = account.alias(full)
    found = taken_up(full, live is not None and live.target_key_arn in mine)
    return kms.Alias(full, name=full, target_key_id=key.key_id, opts=kept(opts, found))
