"""Storage of the platform: what its scheduler and its CSI drivers do about claims and volumes."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from lightkube import ApiError, Client
from lightkube.types import PatchType

from lab import kinds
from lab.kinds import Object
from lab.platform import scheduler, volumes

MANAGER = "lab-platform"
"""The field manager; the client is made with it."""


class Storage:
    """One round after the other, each over everything there is."""

    def __init__(self, client: Client, log: logging.Logger) -> None:
        self._client = client
        self._log = log
        self._told: set[str] = set()

    def reconcile(
        self,
        claims: list[Object],
        present: Mapping[str, Object],
        deployments: list[Object],
        nodes: list[Object],
    ) -> None:
        """Select nodes, make, grow and delete volumes: whatever is due now.

        `present` are the PersistentVolumes by name.
        """
        classes = {each["metadata"]["name"]: each for each in self._client.list(kinds.StorageClass)}
        for claim, node in scheduler.to_select(claims, classes, deployments, nodes):
            annotation = {"metadata": {"annotations": {volumes.SELECTED_NODE: node}}}
            self._client.patch(
                kinds.PersistentVolumeClaim,
                claim["metadata"]["name"],
                annotation,
                namespace=claim["metadata"]["namespace"],
                patch_type=PatchType.MERGE,
            )
            self._log.info("selected node %s for claim %s", node, title(claim))
        for claim, storage_class in volumes.to_provision(claims, classes, present):
            made = volumes.volume(claim, storage_class)
            if isinstance(made, str):
                self._warn(claim, storage_class["provisioner"], made)
            else:
                self._client.create(kinds.of(made))
                self._log.info("created volume for claim %s", title(claim))
        for claim, size in volumes.to_grow(claims, classes):
            grown = {"capacity": {"storage": size}}
            name = claim["spec"]["volumeName"]
            self._client.patch(
                kinds.PersistentVolume, name, {"spec": grown}, patch_type=PatchType.MERGE
            )
            self._client.patch(
                kinds.PersistentVolumeClaim.Status,
                claim["metadata"]["name"],
                {"status": grown},
                namespace=claim["metadata"]["namespace"],
                patch_type=PatchType.MERGE,
            )
            self._log.info("grew claim %s to %s", title(claim), size)
        for each in volumes.to_delete(present.values()):
            self._client.delete(kinds.PersistentVolume, each["metadata"]["name"])
            self._log.info("deleted released volume %s", each["metadata"]["name"])

    def _warn(self, claim: Object, provisioner: str, message: str) -> None:
        event = volumes.event(claim, provisioner, message, stamp())
        name = event["metadata"]["name"]
        if name in self._told:
            return
        self._told.add(name)
        try:
            self._client.create(kinds.of(event))
            self._log.info("refused claim %s: %s", title(claim), message)
        except ApiError as error:
            if error.status.code != 409:
                raise


def title(live: Object) -> str:
    return f"{live['metadata']['namespace']}/{live['metadata']['name']}"


def stamp() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
