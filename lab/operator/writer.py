"""Creating, updating and deleting what the operator owns, one log line each."""

import logging
from copy import deepcopy

from lightkube import ApiError, Client
from lightkube.types import CascadeType

from lab import kinds
from lab.kinds import Object
from lab.operator import names
from lab.operator.deployment import checksum


class Writer:
    """Writes to the API server; `changed` counts the writes."""

    def __init__(self, client: Client, log: logging.Logger) -> None:
        self._client = client
        self._log = log
        self.changed = 0

    def create(self, wanted: Object) -> None:
        self._client.create(kinds.of(wanted))
        self._done("created", wanted["kind"], wanted["metadata"]["name"])

    def apply(
        self, wanted: Object, live: Object | None, last_generation: int | None = None
    ) -> None:
        """Create or update (pkg/resource/strategy/override.go).

        An object is left alone while the checksum noted on it is that of what is wanted
        and, where one is known, its generation is the one the operator wrote last.
        """
        wanted = deepcopy(wanted)
        noted = checksum(wanted)
        annotations = wanted["metadata"].setdefault("annotations", {})
        annotations[names.CHECKSUM] = noted
        if live is None:
            self.create(wanted)
            return
        if wanted["kind"] == "PersistentVolumeClaim":
            return
        present = live["metadata"].get("annotations", {})
        known = last_generation in {None, live["metadata"].get("generation")}
        if present.get(names.CHECKSUM) == noted and known:
            return
        self._client.replace(kinds.of(_merged(live, wanted)))
        self._done("updated", wanted["kind"], wanted["metadata"]["name"])

    def delete(self, live: Object) -> None:
        """Foreground, without grace (pkg/resource/generator.go `Remove`)."""
        kind = type(live)
        metadata = live["metadata"]
        if metadata.get("deletionTimestamp"):
            return
        try:
            self._client.delete(
                kind,
                metadata["name"],
                namespace=metadata["namespace"],
                grace_period=0,
                cascade=CascadeType.FOREGROUND,
            )
        except ApiError as error:
            if error.status.code != 404:
                raise
        self._done("deleted", kind.__name__, metadata["name"])

    def _done(self, what: str, kind: str, name: str) -> None:
        self.changed += 1
        self._log.info("%s %s %s", what, kind, name)


def _merged(live: Object, wanted: Object) -> Object:
    """`live` with what is wanted. Fields that others chose stay: a service's cluster IP, a route's
    host, what service CA and router put into data and status."""
    merged = deepcopy({**live, "kind": wanted["kind"], "apiVersion": wanted["apiVersion"]})
    for field in ("annotations", "labels"):
        merged["metadata"][field] = {
            **live["metadata"].get(field, {}),
            **wanted["metadata"].get(field, {}),
        }
    for key, value in wanted.items():
        if key not in {"apiVersion", "kind", "metadata"}:
            merged[key] = {**live.get(key, {}), **value} if key == "spec" else value
    return merged
