"""What the operator tells the world: its configuration, ClusterOperator and image.config."""

import logging

from lightkube import ApiError, Client

from lab import kinds
from lab.kinds import Object
from lab.operator import clusteroperator, imageconfig, names
from lab.operator.world import World


def config(client: Client, log: logging.Logger, before: Object, after: Object) -> None:
    """Spec, then status, each by a whole-object update with the version it was judged at.

    Somebody else's write in between is a conflict, and everything is judged anew: the one
    point where the lab is kinder (the real one writes its own spec over the change).
    """
    changed = [part for part in ("metadata", "spec") if before[part] != after[part]]
    if changed:
        after["metadata"] = client.replace(kinds.Config(after))["metadata"]
        log.info("updated Config cluster: %s", ", ".join(_paths(before, after, changed)))
    status = after.setdefault("status", {})
    status["observedGeneration"] = after["metadata"]["generation"]
    status.setdefault("storage", {})
    status.setdefault("storageManaged", False)
    if before.get("status") != status:
        client.replace(kinds.Config.Status(after), name="cluster")
        log.info("updated status of Config cluster: %s", _conditions(status))


def cluster_operator(client: Client, configuration: Object, world: World) -> None:
    try:
        live = client.get(kinds.ClusterOperator, names.REGISTRY)
    except ApiError as error:
        if error.status.code != 404:
            raise
        metadata = {"name": names.REGISTRY}
        live = client.create(kinds.ClusterOperator({"metadata": metadata, "spec": {}}))
    wanted = clusteroperator.status(live.get("status") or {}, configuration, world)
    if wanted != live.get("status"):
        document = kinds.ClusterOperator.Status({**live, "status": wanted})
        client.replace(document, name=names.REGISTRY)


def image_config(client: Client, log: logging.Logger, world: World) -> None:
    wanted = imageconfig.status(world)
    if wanted is not None:
        document = kinds.Image.Status({**(world.image_config or {}), "status": wanted})
        client.replace(document, name="cluster")
        log.info("updated status of Image cluster")


def _paths(before: Object, after: Object, parts: list[str]) -> list[str]:
    """Which fields changed, never to what: one of them is a secret."""
    return [
        f"{part}.{key}"
        for part in parts
        for key in sorted(before[part].keys() | after[part].keys())
        if key not in {"resourceVersion", "generation", "managedFields"}
        and before[part].get(key) != after[part].get(key)
    ]


def _conditions(status: Object) -> str:
    return ", ".join(
        f"{each['type']}={each['status']}" + (f" ({each['reason']})" if each.get("reason") else "")
        for each in status.get("conditions", [])
    )
