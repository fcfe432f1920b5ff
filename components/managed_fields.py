"""Who owns the storage's keys on configs/cluster, put right around a switch."""

import copy
from collections.abc import Mapping
from typing import Any

from settings.names import FIELD_MANAGER

ATTEMPTS = 20
"""The operator and others may write at the same time."""


def tidy(api: Any, configs: Any, wanted: Mapping[str, Any], left: Mapping[str, Any]) -> None:
    """Take out of managedFields what would stand in the way later.

    A merge patch is entered as an Update of ours beside the Apply that follows: left there, it
    would keep owning a field after the stack file stops naming it. And whoever had set the old
    storage keeps owning the backend's key without its fields: left there, the key would be null
    once we give it up, which the API server refuses.
    """
    from lightkube.core.exceptions import ApiError
    from lightkube.types import PatchType

    backends = {key: block for key, block in wanted.items() if key != "managementState"}
    backends |= {key: {} for key in left if key not in wanted}
    for attempt in range(ATTEMPTS):
        metadata = api.get(configs, "cluster").to_dict()["metadata"]
        managers = metadata["managedFields"]
        kept = [
            each if _is_ours(each, "Apply") else _without(each, backends)
            for each in managers
            if not _is_ours(each, "Update")
        ]
        if kept == managers:
            return
        version = metadata["resourceVersion"]
        try:
            api.patch(
                configs,
                "cluster",
                [
                    {"op": "test", "path": "/metadata/resourceVersion", "value": version},
                    {"op": "replace", "path": "/metadata/managedFields", "value": kept},
                ],
                patch_type=PatchType.JSON,
            )
            return
        except ApiError as error:
            # A failed test is a 422: somebody wrote in between.
            if error.status.code not in (409, 422) or attempt == ATTEMPTS - 1:
                raise


def _without(entry: Mapping[str, Any], backends: Mapping[str, Any]) -> dict[str, Any]:
    """The entry, no longer owning these backends and what is wanted of them."""
    entry = copy.deepcopy(dict(entry))
    spec = (entry.get("fieldsV1") or {}).get("f:spec") or {}
    storage = spec.get("f:storage") or {}
    for backend, block in backends.items():
        fields = storage.get(f"f:{backend}")
        if fields is None or (block == {} and fields.keys() - {"."}):
            continue  # a blank claim's name is the operator's
        for key in (".", *(f"f:{name}" for name in block)):
            fields.pop(key, None)
        if not fields:
            del storage[f"f:{backend}"]
    if "f:storage" in spec and not storage.keys() - {"."} and backends:
        del spec["f:storage"]
    return entry


def _is_ours(entry: Mapping[str, Any], operation: str) -> bool:
    return entry.get("manager") == FIELD_MANAGER and entry.get("operation") == operation
