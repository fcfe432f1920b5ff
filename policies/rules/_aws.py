"""The resources of AWS that rules look at: type tokens, and which buckets are the registry's."""

from collections.abc import Sequence

from declare import Framework, Resource

from ._objects import CONFIGS
from ._origins import is_of
from ._stores import Store


def token(module: str, name: str) -> str:
    return f"aws:{module}/{name[0].lower()}{name[1:]}:{name}"


def _with_old(name: str) -> tuple[str, str]:
    """A part of a bucket under its name, and the one that version 8 of the plugin drops."""
    return token("s3", name), token("s3", f"{name}V2")


BUCKETS = (token("s3", "Bucket"), token("s3", "BucketV2"))
ACLS = _with_old("BucketAcl")
ENCRYPTIONS = _with_old("BucketServerSideEncryptionConfiguration")
LIFECYCLES = _with_old("BucketLifecycleConfiguration")
LOGGINGS = _with_old("BucketLogging")
VERSIONINGS = _with_old("BucketVersioning")
WEBSITES = _with_old("BucketWebsiteConfiguration")
OWNERSHIP_CONTROLS = (token("s3", "BucketOwnershipControls"),)
POLICIES = (token("s3", "BucketPolicy"),)
PUBLIC_ACCESS_BLOCKS = (token("s3", "BucketPublicAccessBlock"),)

KEY = token("kms", "Key")
KEY_ALIAS = token("kms", "Alias")
KEY_POLICY = token("kms", "KeyPolicy")

# What decides which buckets are the registry's. A rule about buckets has them among its types.
DECIDING = (*BUCKETS, *LOGGINGS, *CONFIGS)


def s3(reference: str) -> Framework:
    """A chapter of Amazon's guide to S3."""
    return Framework("Amazon S3 User Guide", "2006-03-01", reference)


def best_practices(reference: str) -> Framework:
    """A control of AWS Security Hub's standard."""
    return Framework("AWS Foundational Security Best Practices", "1.0.0", reference)


def cis(reference: str) -> Framework:
    return Framework("CIS AWS Foundations Benchmark", "3.0.0", reference)


def takes_logs(bucket: Resource, resources: Sequence[Resource]) -> bool:
    return any(
        is_of(each, "targetBucket", bucket, "bucket", BUCKETS)
        for each in resources
        if each.resource_type in LOGGINGS
    )


STORE = Store(BUCKETS, "s3", "bucket", "bucket", "bucket", takes_logs)

bucket_parts = STORE.parts
bucket_configs = STORE.configs
registry_buckets = STORE.of_registry
is_named = STORE.is_named
