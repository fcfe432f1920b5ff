"""A bucket in AWS for the registry's images.

Makes (or adopts) the bucket, and what closes it, each a resource of its own: its public access
block, its ownership, its encryption, its lifecycle, its policy, and on demand versioning and access
logs. The bucket is protected and kept whatever happens to the stack, and so is what closes it.
Refuses to make: a bucket that anybody else may read, that lets itself be deleted with the images in
it, a rule that takes images away, an ACL, a website.
"""

import json
from collections.abc import Iterator

import pulumi
from pulumi import CustomResource, Output, Resource, ResourceOptions
from pulumi_aws import s3

from components.aws.documents import bucket_policy
from components.aws.found import Account
from components.aws.names import Names
from components.found import taken_up
from components.options import kept
from settings.bucket import AdoptedBucket, CreatedBucket, CreatedKey, Encryption, SseS3, UsedKey
from settings.facts import labels

OF_THEIR_OWN = [
    *("accelerationStatus", "acl", "corsRules", "grants", "lifecycleRules", "logging", "policy"),
    *("objectLockConfiguration", "replicationConfiguration", "requestPayer"),
    *("serverSideEncryptionConfiguration", "versioning", "website"),
]
"""What the plugin reads into the bucket's own properties though a resource of its own has it, or
nobody: it must not be planned for removal (pulumi/pulumi-aws issue 6244)."""

UPLOADS, VERSIONS = "abandoned-uploads", "old-versions"


def made_bucket(
    wanted: CreatedBucket | AdoptedBucket, account: Account, opts: ResourceOptions
) -> s3.Bucket:
    """The bucket itself. One that is adopted keeps its tags unless they are given."""
    ignored = OF_THEIR_OWN
    if isinstance(wanted, AdoptedBucket):
        tags, there = wanted.tags, True
        if tags is None:
            ignored = [*OF_THEIR_OWN, "tags", "tagsAll"]
    else:
        tags = {**wanted.tags, **labels(account.cluster)}
        there = _made_before(wanted.name, account)
    return s3.Bucket(
        wanted.name,
        bucket=wanted.name,
        tags=tags,
        opts=kept(opts, taken_up(wanted.name, there), protect=True, ignore_changes=ignored),
    )


def _made_before(name: str, account: Account) -> bool:
    """By this stack, whether its state knows or not: then it carries the stack's tags."""
    if any(each.endswith(f":::{name}") for each in account.tagged()):
        return True
    if account.bucket() is not None:
        pulumi.log.warn(
            f"openshift-registry:storage.bucket.create.name: the bucket {name} exists and does not "
            "carry this stack's tags. If this stack has not made it, AWS will refuse to make it "
            "again\n    fix: write `adopt` to take it over, or another name"
        )
    return False


def closed(
    wanted: CreatedBucket | AdoptedBucket,
    bucket: s3.Bucket,
    key: Output[str] | str | None,
    account: Account,
    opts: ResourceOptions,
) -> Iterator[Resource]:
    """What closes it, and cleans it. `key` is the ARN of the key of KMS it encrypts with."""
    stays, name = kept(opts), wanted.name
    block = s3.BucketPublicAccessBlock(
        name,
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=stays,
    )
    yield block
    owner = {"object_ownership": "BucketOwnerEnforced"}
    yield s3.BucketOwnershipControls(name, bucket=bucket.bucket, rule=owner, opts=stays)
    if wanted.encryption is not None:
        yield _encryption(wanted.encryption, name, bucket, key, stays)
    # A policy that comes first may be refused, or open the bucket for a moment.
    after = kept(opts, depends_on=[block])
    policy = _policy(wanted.encryption, name, account.names)
    if isinstance(wanted, AdoptedBucket):
        _tell_of_the_old_one(policy, account)
    yield s3.BucketPolicy(name, bucket=bucket.bucket, policy=policy, opts=after)
    yield from _kept_clean(wanted, bucket, account.cluster, opts)


def _policy(encryption: Encryption | None, bucket: str, names: Names) -> str:
    """The ARN of a key that is made here is not known before, so the policy does not name it."""
    named = encryption.key_arn if isinstance(encryption, UsedKey) else None
    return bucket_policy(names, bucket, isinstance(encryption, CreatedKey | UsedKey), named)


def _tell_of_the_old_one(policy: str, account: Account) -> None:
    live = account.policy()
    if live and json.loads(live) != json.loads(policy):
        pulumi.log.warn(
            f"the policy of the bucket {account.storage.bucket.name} is taken over, and what it "
            f"says now goes: {json.dumps(json.loads(live))}"
        )


def _encryption(
    wanted: Encryption,
    name: str,
    bucket: s3.Bucket,
    key: Output[str] | str | None,
    opts: ResourceOptions,
) -> CustomResource:
    """With a key of KMS one request to it serves many objects (a bucket key)."""
    plain = isinstance(wanted, SseS3)
    default = {"sse_algorithm": "AES256" if plain else "aws:kms"}
    if not plain:
        default["kms_master_key_id"] = key
    return s3.BucketServerSideEncryptionConfiguration(
        name,
        bucket=bucket.bucket,
        rules=[
            {"apply_server_side_encryption_by_default": default, "bucket_key_enabled": not plain}
        ],
        opts=opts,
    )


def _kept_clean(
    wanted: CreatedBucket | AdoptedBucket, bucket: s3.Bucket, cluster: str, opts: ResourceOptions
) -> Iterator[Resource]:
    """Lifecycle, versions and access logs. All rules are in one configuration: a second one would
    take the first one's place."""
    name, versions = wanted.name, None
    if wanted.versioning is not None:
        status = "Enabled" if wanted.versioning else "Suspended"
        versions = s3.BucketVersioning(
            name,
            bucket=bucket.bucket,
            versioning_configuration={"status": status},
            opts=kept(opts),
        )
        yield versions
    if wanted.lifecycle is not None:
        after = [versions] if versions else []
        yield s3.BucketLifecycleConfiguration(
            name,
            bucket=bucket.bucket,
            rules=list(_rules(wanted)),
            opts=kept(opts, depends_on=after),
        )
    logging = wanted.access_logging
    if logging is not None:
        yield s3.BucketLogging(
            name,
            bucket=bucket.bucket,
            target_bucket=logging.target_bucket,
            target_prefix=logging.target_prefix or f"{cluster}/",
            opts=opts,
        )


def _rules(wanted: CreatedBucket | AdoptedBucket) -> Iterator[dict]:
    """The empty filter is written: without one the plugin plans a change in each run."""
    days = wanted.lifecycle.abort_incomplete_multipart_upload_days
    upload = {"days_after_initiation": days}
    whole = {"status": "Enabled", "filter": {}}
    yield {"id": UPLOADS, **whole, "abort_incomplete_multipart_upload": upload}
    old = wanted.lifecycle.noncurrent_version_expiration_days
    if old is not None:
        yield {"id": VERSIONS, **whole, "noncurrent_version_expiration": {"noncurrent_days": old}}
