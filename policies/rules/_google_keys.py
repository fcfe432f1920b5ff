"""Keys of Cloud KMS, and which of them the registry's images are encrypted by."""

from collections.abc import Iterator, Sequence

from declare import Resource

from ._google import KEY, KEYS, STORE
from ._objects import mapping, text
from ._origins import is_among, origins


def registry_keys(resources: Sequence[Resource]) -> Iterator[Resource]:
    """The keys of the stack that a bucket of the registry, or its configuration, names.

    In a stack that has neither, as one of keys alone, every key.
    """
    keys = [each for each in resources if each.resource_type == KEY]
    if not keys:
        return
    configs = STORE.configs(resources)
    if not configs and not STORE.all(resources):
        yield from keys
        return
    buckets = list(STORE.of_registry(resources))
    for key in keys:
        if any(names_key(each, key) for each in buckets) or any(
            config_names_key(each, key) for each in configs
        ):
            yield key


def names_key(bucket: Resource, key: Resource) -> bool:
    """Whether the bucket's default is this key."""
    if found := origins(bucket, "encryption", KEYS):
        return is_among(key, found)
    return _is_meant(key, text(bucket.props, "encryption", "defaultKmsKeyName"))


def config_names_key(config: Resource, key: Resource) -> bool:
    """Whether the registry's configuration names this key."""
    if "keyID" not in list(mapping(config.props, "spec", "storage", "gcs")):
        return False
    if found := origins(config, "spec", KEYS):
        return is_among(key, found)
    return _is_meant(key, text(config.props, "spec", "storage", "gcs", "keyID"))


def _is_meant(key: Resource, full_name: str | None) -> bool:
    """By the end of its full name: the ring may be given by an id that nobody knows yet."""
    name = text(key.props, "name") if full_name else None
    return name is not None and (full_name or "").endswith(f"/cryptoKeys/{name}")
