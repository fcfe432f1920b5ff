from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import BUCKETS, DECIDING, ENCRYPTIONS, bucket_configs, bucket_parts, is_named
from ._keys import (
    KEY_HOLDERS,
    alias_of,
    config_names_key,
    encryption_keys,
    has_key,
    id_of,
    names_key,
)
from ._objects import api, at, entries, text


@stack_rule(
    title="The registry encrypts as its bucket does",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.storage.s3.encrypt and keyID"),
    types=(*DECIDING, *KEY_HOLDERS),
    why=(
        "What the registry asks for at each upload wins over the bucket's default. With encrypt "
        "and no keyID it asks for AES256, and a bucket with a key of its own gets images without "
        "it. Without encrypt a keyID is ignored. Another key than the bucket's is one that the "
        "credentials may not open."
    ),
    source=(
        "distribution registry/storage/driver/s3-aws, getEncryptionMode; openshift/api "
        "imageregistry/v1, KeyID; cluster-image-registry-operator issue 161"
    ),
    remedy=(
        "Leave encrypt and keyID out, so that the bucket's default holds; or set both, keyID to "
        "the key of the bucket's BucketServerSideEncryptionConfiguration; or encrypt alone on a "
        "bucket whose default is AES256."
    ),
)
def registry_bucket_encryption(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for config in bucket_configs(resources):
        encrypts = at(config.props, "spec", "storage", "s3", "encrypt") is True
        if not encrypts and has_key(config):
            yield config, "spec.storage.s3.keyID is set and encrypt is not true"
        if not encrypts:
            continue
        for bucket in resources:
            if bucket.resource_type in BUCKETS and is_named(bucket, config):
                for encryption in bucket_parts(resources, bucket, ENCRYPTIONS):
                    for finding in _findings(config, encryption, resources):
                        yield config, finding


def _findings(
    config: Resource, encryption: Resource, resources: Sequence[Resource]
) -> Iterator[str]:
    by_key = any(
        (text(rule, "applyServerSideEncryptionByDefault", "sseAlgorithm") or "").startswith(
            "aws:kms"
        )
        for rule in entries(encryption.props, "rules")
    )
    if by_key and not has_key(config):
        yield "encrypt is true without keyID, and the bucket has a key"
    elif has_key(config) and not by_key:
        yield "keyID is set, and the bucket's default is not aws:kms"
    elif by_key and _is_another(config, encryption, resources):
        yield "keyID is not the key of the bucket"


def _is_another(config: Resource, encryption: Resource, resources: Sequence[Resource]) -> bool:
    keys = [each for each in resources if each.resource_type in KEY_HOLDERS[-1:]]
    wanted = [config_names_key(config, each, resources) for each in keys]
    present = [names_key(encryption, each, resources) for each in keys]
    if any(wanted) or any(present):
        return not any(both == (True, True) for both in zip(wanted, present, strict=True))
    name = text(config.props, "spec", "storage", "s3", "keyID") or ""
    others = encryption_keys(encryption)
    # An alias and an id can't be compared without asking KMS.
    return any(
        bool(alias_of(each)) == bool(alias_of(name)) and id_of(each) != id_of(name)
        for each in others
    )
