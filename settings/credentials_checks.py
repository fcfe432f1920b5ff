"""The storage's keys against the storage and the version."""

from collections.abc import Iterator

from settings.cluster import minor
from settings.credentials import KEY_SETS, key_set
from settings.problems import Finding
from settings.stack import StackSettings

TAKE_NONE = ("claim", "emptyDir")
"""Kinds of storage that nobody has to log in to."""

OWN = {
    "s3": "are said under storage.credentials",
    "objectBucketClaim": "are those of the claim",
    "gcs": "are said under storage.credentials",
    "azure": "are said under storage.credentials",
    "swift": "are said under storage.credentials",
}
"""Kinds of storage whose keys the stack knows by themselves."""


def unused(settings: StackSettings) -> Iterator[Finding]:
    if settings.credentials is None or settings.storage is None:
        return
    kind = settings.storage.kind
    if kind in TAKE_NONE:
        yield Finding(
            ("credentials",),
            f"is given beside storage of kind {kind}, which takes no keys",
            "leave openshift-registry:credentials out",
            "credentials:unused",
        )
    elif kind in OWN:
        yield Finding(
            ("credentials",),
            f"is given beside storage of kind {kind}, whose keys {OWN[kind]}",
            "leave openshift-registry:credentials out",
            "credentials:unused",
        )


def too_new(settings: StackSettings) -> Iterator[Finding]:
    """Not left to the version gate of all keys, which shows values: these are secrets."""
    wanted, cluster = settings.credentials, settings.cluster
    if wanted is None:
        return
    keys = key_set(wanted.data)
    if keys.since is not None and cluster.minor < minor(keys.since):
        old = next(each for each in KEY_SETS if each.backend == keys.backend)
        yield Finding(
            ("credentials", wanted.mode, keys.keys[0]),
            f"is enough by itself since OpenShift {keys.since}, and cluster.version is "
            f"{cluster.version}",
            f'write {" and ".join(old.keys)}, or version: "{keys.since}" or later if the cluster '
            "has that",
            "version",
        )
