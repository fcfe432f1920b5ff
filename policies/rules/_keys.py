"""Keys of KMS, and which of them the registry's images are encrypted by."""

from collections.abc import Iterator, Sequence

from declare import Resource

from ._aws import (
    BUCKETS,
    ENCRYPTIONS,
    KEY,
    KEY_ALIAS,
    bucket_configs,
    bucket_parts,
    registry_buckets,
)
from ._objects import entries, mapping, text
from ._origins import is_among, is_of, origins

KEYS = (KEY,)
KEY_HOLDERS = (*ENCRYPTIONS, KEY_ALIAS, KEY)


def registry_keys(resources: Sequence[Resource]) -> Iterator[Resource]:
    """The keys of the stack that a bucket of the registry, or its configuration, names.

    In a stack that has neither, as one of keys alone, every key.
    """
    keys = [each for each in resources if each.resource_type == KEY]
    if not keys:
        return
    configs = bucket_configs(resources)
    if not configs and not any(each.resource_type in BUCKETS for each in resources):
        yield from keys
        return
    encryptions = [
        each
        for bucket in registry_buckets(resources)
        for each in bucket_parts(resources, bucket, ENCRYPTIONS)
    ]
    for key in keys:
        if any(names_key(each, key, resources) for each in encryptions) or any(
            config_names_key(each, key, resources) for each in configs
        ):
            yield key


def names_key(encryption: Resource, key: Resource, resources: Sequence[Resource]) -> bool:
    """Whether a bucket's encryption is by this key."""
    if found := origins(encryption, "rules", KEYS):
        return is_among(key, found)
    return any(is_meant(key, each, resources) for each in encryption_keys(encryption))


def config_names_key(config: Resource, key: Resource, resources: Sequence[Resource]) -> bool:
    """Whether the registry asks for this key."""
    if not has_key(config):
        return False
    if found := origins(config, "spec", KEYS):
        return is_among(key, found)
    named = text(config.props, "spec", "storage", "s3", "keyID")
    return bool(named) and is_meant(key, str(named), resources)


def has_key(config: Resource) -> bool:
    """Whether the registry names any key, which a preview may not know yet."""
    return "keyID" in list(mapping(config.props, "spec", "storage", "s3"))


def encryption_keys(encryption: Resource) -> list[str]:
    """The keys that a bucket's encryption names, as it names them."""
    found = [
        text(rule, "applyServerSideEncryptionByDefault", "kmsMasterKeyId")
        for rule in entries(encryption.props, "rules")
    ]
    return [each for each in found if each]


def is_meant(key: Resource, name: str, resources: Sequence[Resource]) -> bool:
    """Whether a key is what an id, an ARN or an alias says."""
    if alias := alias_of(name):
        return any(
            each.resource_type == KEY_ALIAS
            and text(each.props, "name") == alias
            and is_of(each, "targetKeyId", key, "keyId", KEYS)
            for each in resources
        )
    return id_of(name) == text(key.props, "keyId")


def alias_of(name: str) -> str:
    """`alias/registry`, of the name itself or of its ARN; empty for what is no alias."""
    _, found, rest = name.partition("alias/")
    return found + rest


def id_of(name: str) -> str:
    return name.rpartition("/")[2]
