"""Switch the registry to another storage backend in one write.

Server-side apply can't remove a key that another manager owns, so a patch that adds
`pvc` beside a live `s3` leaves two backends, which stops the operator (openshift/hypershift
PR 187); and an object without any is filled with the platform's default again
(cluster-image-registry-operator, pkg/resource/generator.go). So just before our patch one
merge patch takes the old key out and puts the new block in.
"""

from collections.abc import Mapping
from typing import Any

from pulumi import Output, ResourceHook, ResourceHookArgs

from cluster.kubeconfig import ClusterAccess
from components.managed_fields import ATTEMPTS, tidy
from settings.names import FIELD_MANAGER
from settings.storage_guards import foreign_storage

IN_STEP = ("managementState", "replicas", "rolloutStrategy", "storage")
"""Fields the operator judges together with the storage: they change in the same write."""


class SwitchRefused(Exception):
    """The live storage is none that the stack file names."""


def switch_hook(
    access: ClusterAccess | None, replaces: Mapping[str, Mapping[str, Any]] | None
) -> ResourceHook:
    """The hook that runs before each create and update of the patch; mostly it only looks."""

    async def before(arguments: ResourceHookArgs) -> None:
        # A spec that holds a secret arrives as an output.
        inputs: Any = Output.from_input(arguments.new_inputs or {})
        wanted = (await inputs.future() or {}).get("spec") or {}
        if access is not None and "storage" in wanted:
            switch(access, wanted, replaces)

    return ResourceHook("switch-storage", before)


def switch(
    access: ClusterAccess,
    wanted: Mapping[str, Any],
    replaces: Mapping[str, Mapping[str, Any]] | None,
) -> bool:
    """Make the live object's only backend the wanted one; True if that took a write.

    Raises `SwitchRefused` when the live storage has become one that is neither wanted nor
    named: between the plan and this moment somebody else may have changed it.
    """
    from lightkube.core.exceptions import ApiError
    from lightkube.generic_resource import create_global_resource
    from lightkube.types import PatchType

    from cluster.client import client

    configs = create_global_resource(
        "imageregistry.operator.openshift.io", "v1", "Config", "configs"
    )
    api = client(access)
    for attempt in range(ATTEMPTS):
        live = api.get(configs, "cluster").to_dict()
        storage = live["spec"].get("storage") or {}
        refused = foreign_storage(storage, wanted["storage"], replaces)
        if refused:
            raise SwitchRefused(
                f"configs/cluster now has the storage {', '.join(sorted(refused))}, which the "
                "stack file neither wants nor names in storage.replaces. Nothing was written to it."
            )
        left = _left(storage, wanted["storage"])
        backend = next(key for key in wanted["storage"] if key != "managementState")
        done = not left and _same(storage.get(backend), wanted["storage"][backend])
        if not done:
            try:
                _write(api, configs, PatchType.MERGE, live, wanted, left)
            except ApiError as error:
                if error.status.code != 409 or attempt == ATTEMPTS - 1:
                    raise
                continue  # somebody wrote in between: look again
        tidy(api, configs, wanted["storage"], left)
        return not done
    raise AssertionError("unreachable")


def _left(storage: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The live backends that have to go: also one that holds nothing yet counts as a second."""
    other = {key: block for key, block in storage.items() if block is not None}
    other = {key: block for key, block in other.items() if key not in wanted}
    return {**other, **foreign_storage(storage, wanted, None)}


def _same(live: Any, wanted: Mapping[str, Any]) -> bool:
    return isinstance(live, Mapping) and all(live.get(key) == wanted[key] for key in wanted)


def _write(
    api: Any,
    configs: Any,
    merge: Any,
    live: Mapping[str, Any],
    wanted: Mapping[str, Any],
    left: Mapping[str, Any],
) -> None:
    body = {key: wanted[key] for key in IN_STEP if key in wanted}
    storage = dict(wanted["storage"])
    for backend, block in left.items():
        # Of another block under the same key every field goes that is not wanted.
        fields = {**dict.fromkeys(block), **storage[backend]} if backend in storage else None
        storage[backend] = fields
    body["storage"] = storage
    api.patch(
        configs,
        "cluster",
        {"metadata": {"resourceVersion": live["metadata"]["resourceVersion"]}, "spec": body},
        patch_type=merge,
        field_manager=FIELD_MANAGER,
    )
