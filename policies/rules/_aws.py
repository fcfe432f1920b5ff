"""The resources of AWS that rules look at: type tokens, and what says which is meant by which."""

from collections.abc import Collection, Iterator, Sequence

from declare import Framework, Resource

from ._objects import BACKENDS, CONFIGS, at, text


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

# The properties by which one resource says whose it is, and by which another is passed on: a part
# may take its bucket from another part, a policy its user from the access key.
PASSED_ON = ("bucket", "user", "role", "targetKeyId", "keyId")


def s3(reference: str) -> Framework:
    """A chapter of Amazon's guide to S3."""
    return Framework("Amazon S3 User Guide", "2006-03-01", reference)


def best_practices(reference: str) -> Framework:
    """A control of AWS Security Hub's standard."""
    return Framework("AWS Foundational Security Best Practices", "1.0.0", reference)


def cis(reference: str) -> Framework:
    return Framework("CIS AWS Foundations Benchmark", "3.0.0", reference)


def origins(resource: Resource, key: str, types: Collection[str]) -> list[Resource]:
    """The resources of these types that a property comes from.

    Known at the preview of a new stack, when the property's value is not.
    """
    found: list[Resource] = []
    seen: set[str] = set()
    todo = list(resource.property_dependencies.get(key, ()))
    while todo:
        each = todo.pop()
        if each.urn in seen:
            continue
        seen.add(each.urn)
        if each.resource_type in types:
            found.append(each)
        else:
            for name in PASSED_ON:
                todo += each.property_dependencies.get(name, ())
    return found


def is_of(part: Resource, key: str, whole: Resource, name: str, types: Collection[str]) -> bool:
    """Whether a part belongs to this one of the types, by its origin or else by its name."""
    if found := origins(part, key, types):
        return is_among(whole, found)
    said = text(part.props, key)
    return said is not None and said == text(whole.props, name)


def is_among(resource: Resource, others: Sequence[Resource]) -> bool:
    return any(each.urn == resource.urn for each in others)


def bucket_parts(
    resources: Sequence[Resource], bucket: Resource, types: Collection[str]
) -> list[Resource]:
    """The resources of these types that configure the bucket."""
    return [
        each
        for each in resources
        if each.resource_type in types and is_of(each, "bucket", bucket, "bucket", BUCKETS)
    ]


def registry_buckets(resources: Sequence[Resource]) -> Iterator[Resource]:
    """The buckets of the stack that hold images.

    Those that the registry's configuration names, if it is in the stack and has storage. Without,
    as in a stack of AWS alone, every bucket but those that access logs are written to.
    """
    buckets = [each for each in resources if each.resource_type in BUCKETS]
    if not buckets:
        return
    configs = [each for each in resources if each.resource_type in CONFIGS and _has_storage(each)]
    for bucket in buckets:
        if configs:
            if any(is_named(bucket, config) for config in configs):
                yield bucket
        elif not takes_logs(bucket, resources):
            yield bucket


def is_named(bucket: Resource, config: Resource) -> bool:
    """Whether the registry's configuration names this bucket."""
    if found := origins(config, "spec", BUCKETS):
        return is_among(bucket, found)
    named = text(config.props, "spec", "storage", "s3", "bucket")
    return named is not None and named == text(bucket.props, "bucket")


def bucket_configs(resources: Sequence[Resource]) -> list[Resource]:
    """The registry's configuration, where that has a bucket."""
    return [
        each
        for each in resources
        if each.resource_type in CONFIGS and at(each.props, "spec", "storage", "s3") is not None
    ]


def _has_storage(config: Resource) -> bool:
    return any(at(config.props, "spec", "storage", each) is not None for each in BACKENDS)


def takes_logs(bucket: Resource, resources: Sequence[Resource]) -> bool:
    return any(
        is_of(each, "targetBucket", bucket, "bucket", BUCKETS)
        for each in resources
        if each.resource_type in LOGGINGS
    )
