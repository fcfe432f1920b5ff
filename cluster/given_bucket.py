"""What the provisioner of an ObjectBucketClaim has written beside it: the bucket's name into a
ConfigMap, the keys into a Secret, both of the claim's name and in its namespace."""

import base64
import binascii
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cluster.kubeconfig import ClusterAccess
from cluster.read import BUCKET_CLAIMS
from cluster.reader import Reader
from settings.secret import Secret

BUCKET, ACCESS_KEY, SECRET_KEY = "BUCKET_NAME", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
"""lib-bucket-provisioner pkg/provisioner/resourcehandlers.go, which both providers use."""


PAUSE = 0.5
"""Seconds between two looks at a claim."""


class NotGiven(Exception):
    """Something of it is missing. The message says what, without any value."""


class NotRead(Exception):
    """Something of it may not be read. The message says what and why."""


@dataclass(frozen=True)
class GivenBucket:
    """A bucket and who may use it."""

    name: str
    access_key: Secret
    secret_key: Secret


def wait_until_bound(access: ClusterAccess, namespace: str, name: str, patience: float) -> None:
    """Return once the claim is Bound: from then on it has what `given_bucket` reads.

    Raises `NotGiven` when it is gone or still not Bound after so many seconds, `NotRead`, or
    `Unreachable`.
    """
    deadline = time.monotonic() + patience
    reader = Reader(access)
    while True:
        live = reader.get(*BUCKET_CLAIMS, name, namespace)
        if live is None:
            raise _absent(reader, "ObjectBucketClaim", namespace, name)
        phase = (live.get("status") or {}).get("phase")
        if phase == "Bound":
            return
        if time.monotonic() >= deadline:
            told = f"it is still {phase}" if phase else "nobody has looked at it yet"
            raise NotGiven(f"after {patience:.0f} seconds {told}")
        time.sleep(PAUSE)


def given_bucket(access: ClusterAccess, namespace: str, name: str) -> GivenBucket:
    """Raises `NotGiven`, `NotRead`, or `Unreachable`."""
    reader = Reader(access)
    config_map = _data(reader, "ConfigMap", "configmaps", namespace, name)
    secret = _data(reader, "Secret", "secrets", namespace, name)
    where = f"{namespace}/{name}"
    return GivenBucket(
        _text(config_map, BUCKET, f"ConfigMap {where}"),
        Secret(_decoded(secret, ACCESS_KEY, f"Secret {where}")),
        Secret(_decoded(secret, SECRET_KEY, f"Secret {where}")),
    )


def _data(reader: Reader, kind: str, plural: str, namespace: str, name: str) -> Mapping[str, Any]:
    live = reader.get("v1", plural, name, namespace)
    if live is not None:
        return live.get("data") or {}
    raise _absent(reader, kind, namespace, name)


def _absent(reader: Reader, kind: str, namespace: str, name: str) -> NotGiven | NotRead:
    if reader.unread:
        return NotRead(reader.unread[-1])
    return NotGiven(f"there is no {kind} {namespace}/{name}")


def _text(data: Mapping[str, Any], key: str, where: str) -> str:
    if not data.get(key):
        raise NotGiven(f"the {where} has no {key}")
    return data[key]


def _decoded(data: Mapping[str, Any], key: str, where: str) -> str:
    try:
        return _text({key: base64.b64decode(data.get(key) or "").decode()}, key, where)
    except (binascii.Error, UnicodeDecodeError):
        raise NotGiven(f"the {where} has a {key} that is no text") from None
