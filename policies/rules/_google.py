"""The resources of Google Cloud that rules look at, and which buckets are the registry's."""

from collections.abc import Sequence

from declare import Framework, Resource

from ._objects import CONFIGS, text
from ._origins import is_among, origins
from ._stores import Store


def token(module: str, name: str) -> str:
    return f"gcp:{module}/{name[0].lower()}{name[1:]}:{name}"


BUCKET = token("storage", "Bucket")
BUCKETS = (BUCKET,)
BUCKET_MEMBER = token("storage", "BucketIAMMember")
BUCKET_BINDING = token("storage", "BucketIAMBinding")
BUCKET_POLICY = token("storage", "BucketIAMPolicy")
BUCKET_GRANTS = (BUCKET_MEMBER, BUCKET_BINDING, BUCKET_POLICY)
ACLS = tuple(
    token("storage", name)
    for name in (
        "BucketACL",
        "BucketAccessControl",
        "DefaultObjectACL",
        "DefaultObjectAccessControl",
        "ObjectACL",
        "ObjectAccessControl",
    )
)

KEY = token("kms", "CryptoKey")
KEYS = (KEY,)
KEY_GRANTS = tuple(
    token("kms", f"{what}IAM{how}")
    for what in ("CryptoKey", "KeyRing")
    for how in ("Member", "Binding", "Policy")
)

# All that is above one bucket: what is granted there, holds in every bucket below.
WIDE_GRANTS = tuple(
    token(module, f"IAM{how}")
    for module in ("projects", "folder", "organizations")
    for how in ("Member", "Binding", "Policy")
)
CUSTOM_ROLES = (token("projects", "IAMCustomRole"), token("organizations", "IAMCustomRole"))

ACCOUNT = token("serviceaccount", "Account")
ACCOUNT_KEY = token("serviceaccount", "Key")
ACCOUNT_GRANTS = tuple(token("serviceaccount", f"IAM{how}") for how in ("Member", "Binding"))

EVERYBODY = frozenset({"allUsers", "allAuthenticatedUsers"})


def storage(reference: str) -> Framework:
    """A chapter of Google's documentation of Cloud Storage."""
    return Framework("Google Cloud Storage documentation", "1", reference)


def cis(reference: str) -> Framework:
    return Framework("CIS Google Cloud Platform Foundation Benchmark", "3.0.0", reference)


def takes_logs(bucket: Resource, resources: Sequence[Resource]) -> bool:
    return any(each.resource_type == BUCKET and _logs_to(each, bucket) for each in resources)


def _logs_to(source: Resource, bucket: Resource) -> bool:
    if found := origins(source, "logging", BUCKETS):
        return is_among(bucket, found)
    said = text(source.props, "logging", "logBucket")
    return said is not None and said == text(bucket.props, "name")


STORE = Store(BUCKETS, "gcs", "bucket", "name", "bucket", takes_logs)
DECIDING = (*BUCKETS, *CONFIGS)
