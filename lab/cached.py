"""A client that reads again only what has changed.

The loops read all that they look at in each round, some twenty-five requests, and most rounds come
of a change to one object. What a watch covers is kept here until the watch tells of a change to its
kind, until something of its kind is written, or for `LONGEST`.

`REFERRED` is asked for again with what refers to it, too: a stack writes a secret or a claim before
what refers to it, and whoever is told of the latter has to see the former, though the event of it
may still be on its way.
"""

import pickle
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lightkube import ApiError, Client

from lab import kinds

REFERRED = (kinds.Secret, kinds.ConfigMap, kinds.PersistentVolumeClaim)

LONGEST = 15.0
"""Seconds that anything is kept, whatever is heard of it."""

Place = tuple[Any, str | None]
"""A kind's group, version and name, and a namespace: `"*"` is all, None is for cluster-scoped."""


class Cached:
    """lightkube's `get`, `list`, `watch`, `create`, `replace`, `patch` and `delete`, the same
    otherwise. What is returned is the caller's own.

    `referring`: kinds whose objects refer to some of `REFERRED`.
    """

    def __init__(self, client: Client, referring: Iterable[Any]) -> None:
        self._client = client
        self._referring = {_resource(kind) for kind in referring}
        self._lock = threading.Lock()
        self._watched: Counter[Place] = Counter()
        self._changes: Counter[Any] = Counter()
        self._told: dict[Any, str] = {}
        """By kind: the version in the last event."""
        self._kept: dict[Any, dict[Any, tuple[float, Any]]] = {}
        """By kind, then by what was asked: when, and the answer (an ApiError too)."""

    def get(self, kind: Any, name: str, **where: Any) -> Any:
        return self._read(kind, ("get", name), where, lambda: self._client.get(kind, name, **where))

    def list(self, kind: Any, **where: Any) -> Iterator[Any]:
        def ask() -> Any:
            return [*self._client.list(kind, **where)]

        return iter(self._read(kind, ("list",), where, ask))

    def watch(
        self, kind: Any, *, server_timeout: int | None = None, **where: Any
    ) -> Iterator[tuple[str, Any]]:
        """It begins with all that there is: whatever comes after that is told, so that what there
        is none of can be kept too."""
        place = (_resource(kind), where.get("namespace"))
        found = self._client.list(kind, **where)
        present = [*found]
        where |= {"server_timeout": server_timeout, "resource_version": found.resourceVersion}
        with self._lock:
            self._watched[place] += 1
        try:
            for each in present:
                yield "ADDED", each
            for what, each in self._client.watch(kind, **where):
                self._hear(each)
                yield what, each
        finally:
            with self._lock:
                self._watched[place] -= 1
            self._forget(kind)

    def create(self, document: Any, **options: Any) -> Any:
        return self._write(document, lambda: self._client.create(document, **options))

    def replace(self, document: Any, **options: Any) -> Any:
        """What comes of it is kept: nobody else has changed it since it was read."""
        resource, read = _resource(document), document["metadata"].get("resourceVersion")
        with self._lock:
            changes = self._changes[resource]
        written = self._write(document, lambda: self._client.replace(document, **options))
        metadata = written["metadata"]
        namespace, version = metadata.get("namespace"), metadata["resourceVersion"]
        with self._lock:
            # But for this one, of which the watch may have told already.
            others = self._changes[resource] - changes - 1 - (self._told.get(resource) == version)
            if read and not others and self._covers(resource, namespace):
                answer = _copy(kinds.of(written))  # not as its status
                key = ("get", metadata["name"], namespace)
                self._kept.setdefault(resource, {})[key] = (time.monotonic(), answer)
        return written

    def patch(self, kind: Any, *what: Any, **options: Any) -> Any:
        return self._write(kind, lambda: self._client.patch(kind, *what, **options))

    def delete(self, kind: Any, name: str, **options: Any) -> Any:
        return self._write(kind, lambda: self._client.delete(kind, name, **options))

    def _read(
        self, kind: Any, what: tuple[str, ...], where: dict[str, Any], ask: Callable[[], Any]
    ) -> Any:
        resource, namespace = _resource(kind), where.get("namespace")
        with self._lock:
            if not self._covers(resource, namespace) or where.keys() - {"namespace"}:
                key = None
            else:
                key = (*what, namespace)
                since, answer = self._kept.get(resource, {}).get(key, (0.0, None))
                if since and time.monotonic() - since < LONGEST:
                    return _own(answer)
            changes = self._changes[resource]
        try:
            answer = ask()
        except ApiError as error:
            if error.status.code != 404:
                raise
            answer = error
        if resource in self._referring:
            for each in REFERRED:
                self._forget(each)
        with self._lock:
            # One that was under way when something changed may be of before.
            if key is not None and self._changes[resource] == changes:
                self._kept.setdefault(resource, {})[key] = (time.monotonic(), answer)
        return _own(answer)

    def _write(self, of: Any, write: Callable[[], Any]) -> Any:
        try:
            return write()
        finally:
            self._forget(of)

    def _covers(self, resource: Any, namespace: str | None) -> bool:
        return bool(self._watched[resource, namespace] or self._watched[resource, "*"])

    def _hear(self, each: Any) -> None:
        """Forget what may be of before it."""
        resource, metadata = _resource(each), each["metadata"]
        key = ("get", metadata["name"], metadata.get("namespace"))
        version = metadata["resourceVersion"]
        with self._lock:
            if self._told.get(resource) == version:
                return  # by another watch
            self._told[resource] = version
            self._changes[resource] += 1
            since, known = self._kept.pop(resource, {}).get(key, (0.0, None))
            if isinstance(known, dict) and known["metadata"]["resourceVersion"] == version:
                # It was written here, or has been asked for since.
                self._kept[resource] = {key: (since, known)}

    def _forget(self, of: Any) -> None:
        resource = _resource(of)
        with self._lock:
            self._changes[resource] += 1
            self._kept.pop(resource, None)


def _resource(of: Any) -> Any:
    """Of a kind, its status, or an object."""
    return of._api_info.resource


def _own(answer: Any) -> Any:
    if isinstance(answer, ApiError):
        raise answer.with_traceback(None)  # or it would grow with each time
    return _copy(answer)


def _copy(answer: Any) -> Any:
    """In a fifth of the time that `copy.deepcopy` takes, which was half of what the loops did."""
    return pickle.loads(pickle.dumps(answer))
