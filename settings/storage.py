"""What the registry keeps its images on: `openshift-registry:storage`.

One class a kind, told apart by `kind`; so there is exactly one backend by type. To add a
kind, add its class here.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from settings.azure_storage import AzureStorage
from settings.bucket_claim import ObjectBucketClaimStorage
from settings.claim import ClaimStorage
from settings.empty_dir import EmptyDirStorage
from settings.gcs import GcsStorage
from settings.refusal import refusal
from settings.s3 import S3Storage
from settings.swift import SwiftStorage
from settings.types import choose

KINDS = {
    "claim": ClaimStorage,
    "s3": S3Storage,
    "objectBucketClaim": ObjectBucketClaimStorage,
    "gcs": GcsStorage,
    "azure": AzureStorage,
    "swift": SwiftStorage,
    "emptyDir": EmptyDirStorage,
}

ELSEWHERE = {
    "pvc": ("it is called claim here", "write kind: claim"),
    "ibmcos": (
        "the guide has no procedure for a bucket of one's own in IBM Cloud; there the operator "
        "makes and manages it",
        "leave the section out; docs/reference/out-of-scope.md",
    ),
    "oss": (
        "OpenShift took Alibaba Cloud out with 4.17",
        "leave the section out; docs/reference/out-of-scope.md",
    ),
}
"""Backends of the operator that are no kind here, each with the reason and what to do."""


def _known_kind(value: Any) -> Any:
    """Without a known kind there is no telling which keys are right, so only that is said."""
    if value is None:
        raise refusal("null", "has no value", "leave the key out")
    if not isinstance(value, dict):
        raise refusal("type", "is not a mapping", "write a mapping of keys to values")
    if "kind" not in value:
        raise refusal("required", "is missing", f"write kind: {' or '.join(KINDS)}", ("kind",))
    kind = value["kind"]
    if not isinstance(kind, str):
        raise refusal("type", "is not text", choose(str(kind), KINDS), ("kind",))
    if kind in ELSEWHERE:
        reason, fix = ELSEWHERE[kind]
        message = f"is not a kind of storage that exists here: {reason}"
        raise refusal("kind", message, fix, ("kind",))
    if kind not in KINDS:
        raise refusal(
            "kind", "is not a kind of storage that exists here", choose(kind, KINDS), ("kind",)
        )
    return value


Storage = Annotated[
    ClaimStorage
    | S3Storage
    | ObjectBucketClaimStorage
    | GcsStorage
    | AzureStorage
    | SwiftStorage
    | EmptyDirStorage,
    Field(discriminator="kind"),
    BeforeValidator(_known_kind),
]
