"""What a storage backend hands to the registry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import Output, Resource


@dataclass(frozen=True)
class StorageBinding:
    """The one thing every backend returns; the registry asks for nothing else.

    `backend` is the key of the operator's `spec.storage` and its block, as in
    `{"pvc": {"claim": "csi-pvc-imageregistry"}}`: exactly one key.
    `demands` are the fields of the operator's spec without which this storage
    does not work, as in `{"replicas": 1, "rolloutStrategy": "Recreate"}`; the
    settings have refused a stack file that contradicts them.
    `made_by` has to exist before the operator is pointed at the storage.
    `new_key` is an access key that the registry must run with before an older one
    goes; None in it when there is none older.
    """

    backend: Mapping[str, Mapping[str, Any]]
    demands: Mapping[str, Any]
    made_by: tuple[Resource, ...]
    new_key: Output[str | None] | None = None
