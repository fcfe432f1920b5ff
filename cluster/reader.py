"""Objects of the live cluster, and what could not be read of it."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from cluster.client import Unreachable, cant_ask, client
from cluster.kubeconfig import ClusterAccess
from settings.facts import Patched

T = TypeVar("T")

PAGE = 500


class Reader:
    def __init__(self, access: ClusterAccess) -> None:
        self._client = client(access)
        self._access = access
        self.unread: list[str] = []

    def get(self, api: str, plural: str, name: str, namespace: str | None = None) -> Any:
        resource = _resource(api, plural, namespace is not None)
        what = f"{plural}/{name}"
        return self._ask(what, lambda: self._client.get(resource, name, namespace=namespace))

    def listed(self, api: str, plural: str, everywhere: bool = False) -> Any:
        """Every object of a kind; of all namespaces if its objects have one."""
        resource = _resource(api, plural, everywhere)
        place = {"namespace": "*"} if everywhere else {}
        found = self._ask(plural, lambda: _Listed(self._pages(resource, **place)))
        return None if found is None else found["items"]

    def labelled(self, api: str, plural: str, namespace: str, labels: dict[str, str]) -> Any:
        """Those of a namespace that have these labels."""
        resource = _resource(api, plural, True)
        found = self._ask(
            plural,
            lambda: _Listed(self._client.list(resource, namespace=namespace, labels=labels)),
        )
        return None if found is None else found["items"]

    def _pages(self, resource: Any, **place: str) -> list[Any]:
        """All of a big cluster's objects in one answer might take longer than anybody waits."""
        from lightkube.core.exceptions import ApiError

        try:
            return list(self._client.list(resource, chunk_size=PAGE, **place))
        except ApiError as error:
            if error.status.code != 410:
                raise
            # The list has changed so much meanwhile that its next page is not to be had.
            return list(self._client.list(resource, **place))

    def _ask(self, what: str, ask: Callable[[], Any]) -> Any:
        from httpx2 import HTTPStatusError
        from lightkube.core.exceptions import ApiError

        try:
            return ask().to_dict()
        except ApiError as error:
            return self._refused(what, error.status.code, error.status.reason)
        except HTTPStatusError as error:
            # Of a kind that it does not have, the server says so in plain text.
            status = error.response
            return self._refused(what, status.status_code, status.reason_phrase)
        except Exception as error:  # no route, a proxy's login page, a helper that fails, ...
            raise Unreachable(cant_ask(self._access, error)) from None

    def patched(self, api: str, plural: str) -> Patched:
        """The object named cluster; and whether the server said that there is none."""
        before = len(self.unread)
        live = self.get(api, plural, "cluster")
        if live is not None:
            # Never kept: it is a secret that lives in a spec.
            live.get("spec", {}).pop("httpSecret", None)
        return Patched(live, live is None and len(self.unread) == before)

    def must(self, api: str, plural: str, name: str) -> Any:
        """An object that every OpenShift has; `{}` and a word in `unread` without it."""
        before = len(self.unread)
        live = self.get(api, plural, name)
        if live is None and len(self.unread) == before:
            self.unread.append(f"{plural}/{name}: there is none")
        return live or {}

    def _refused(self, what: str, code: int | None, reason: str | None) -> None:
        if code == 401:
            raise Unreachable(f"{self._access.server} does not accept the credentials")
        if code != 404:
            self.unread.append(f"{what}: {reason or code}")

    def each(
        self,
        api: str,
        plural: str,
        names: tuple[str, ...],
        facts: Callable[[Mapping[str, Any]], T],
        namespace: str | None = None,
    ) -> dict[str, T | None]:
        found: dict[str, T | None] = {}
        for name in dict.fromkeys(names):
            before = len(self.unread)
            live = self.get(api, plural, name, namespace)
            if live is not None:
                found[name] = facts(live)
            elif len(self.unread) == before:
                found[name] = None
        return found

    def one(
        self,
        kind: tuple[str, str],
        place: tuple[str, str] | None,
        facts: Callable[[Mapping[str, Any]], T],
    ) -> dict[str, T | None]:
        """One object of some namespace, by its name."""
        if place is None:
            return {}
        namespace, name = place
        return self.each(*kind, (name,), facts, namespace)

    def all(
        self, api: str, plural: str, facts: Callable[[Mapping[str, Any]], T]
    ) -> dict[str, T] | None:
        found = self.listed(api, plural)
        return None if found is None else {each["metadata"]["name"]: facts(each) for each in found}


class _Listed:
    """A list of objects, read to its end, in the shape of a single one."""

    def __init__(self, objects: Iterable[Any]) -> None:
        self._objects = [each.to_dict() for each in objects]

    def to_dict(self) -> dict[str, Any]:
        return {"items": self._objects}


@cache
def _resource(api: str, plural: str, namespaced: bool) -> Any:
    """Made once: lightkube does not find one of the core group again, and refuses a second."""
    from lightkube.generic_resource import create_global_resource, create_namespaced_resource

    group, _, version = api.rpartition("/")
    make = create_namespaced_resource if namespaced else create_global_resource
    return make(group, version, plural, plural)
