"""What the lab's loops read is what the API server has, asked for once."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from lightkube import ApiError

from lab import kinds
from lab.cached import Cached
from lab.kinds import Object
from lab.lab import Lab
from tests.lab.killed import until

pytestmark = pytest.mark.lab

NAMESPACE = "default"
NAME = "watched"


class Counting:
    """Passes on, and counts."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.asked: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        self.asked[name] += 1
        return getattr(self._client, name)


@pytest.fixture
def server(lab: Lab) -> Iterator[Counting]:
    """With the map in its namespace."""
    counting = Counting(lab.client())
    counting.create(config_map("first"))
    yield counting
    try:
        lab.client().delete(kinds.ConfigMap, NAME, namespace=NAMESPACE)
    except ApiError as error:
        assert error.status.code == 404, error


@pytest.fixture
def cached(server: Counting) -> Iterator[Cached]:
    """With a watch of the maps that has been told of one."""
    cached, heard, ended = Cached(server, ()), threading.Event(), threading.Event()  # type: ignore[arg-type]

    def watch() -> None:
        for _ in cached.watch(kinds.ConfigMap, namespace=NAMESPACE, server_timeout=60):
            heard.set()
            if ended.is_set():
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    assert heard.wait(10)
    yield cached
    ended.set()
    server._client.patch(kinds.ConfigMap, NAME, {"data": {"key": "end"}}, namespace=NAMESPACE)
    watcher.join(10)
    assert not watcher.is_alive()


def config_map(text: str) -> Object:
    metadata = {"name": NAME, "namespace": NAMESPACE}
    document = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}
    return kinds.of({**document, "data": {"key": text}})


def value(client: Any) -> str:
    return client.get(kinds.ConfigMap, NAME, namespace=NAMESPACE)["data"]["key"]


def settled(server: Counting, cached: Cached) -> None:
    """No event of before is still on its way."""

    def kept() -> bool:
        value(cached)
        before = server.asked["get"]
        time.sleep(0.2)
        value(cached)
        return server.asked["get"] == before

    until(kept, "answer kept", 10)


def test_it_is_asked_once(server: Counting, cached: Cached) -> None:
    settled(server, cached)
    for method, ask in (
        ("get", lambda: value(cached)),
        ("list", lambda: [*cached.list(kinds.ConfigMap, namespace=NAMESPACE)]),
    ):
        first, before = ask(), server.asked[method]
        assert [ask() for _ in range(5)] == [first] * 5
        assert server.asked[method] == before


def test_a_change_of_somebody_elses_is_seen(server: Counting, cached: Cached) -> None:
    settled(server, cached)
    assert value(cached) == "first"
    server.patch(kinds.ConfigMap, NAME, {"data": {"key": "second"}}, namespace=NAMESPACE)
    until(lambda: value(cached) == "second", "change seen", 5)


def test_ones_own_change_is_seen_at_once(server: Counting, cached: Cached) -> None:
    for number in range(20):
        assert value(cached)
        change = {"data": {"key": str(number)}}
        cached.patch(kinds.ConfigMap, NAME, change, namespace=NAMESPACE)
        assert value(cached) == str(number)
    cached.replace(config_map("replaced"))
    assert value(cached) == "replaced"
    cached.delete(kinds.ConfigMap, NAME, namespace=NAMESPACE)
    with pytest.raises(ApiError, match="not found"):
        value(cached)
    cached.create(config_map("anew"))
    assert value(cached) == "anew"


def test_what_is_not_there_is_asked_once_too(server: Counting, cached: Cached) -> None:
    settled(server, cached)

    def absent() -> None:
        with pytest.raises(ApiError, match="not found"):
            cached.get(kinds.ConfigMap, "absent", namespace=NAMESPACE)

    absent()
    before = server.asked["get"]
    for _ in range(5):
        absent()
    assert server.asked["get"] == before


def test_what_is_returned_is_ones_own(server: Counting, cached: Cached) -> None:
    settled(server, cached)
    cached.get(kinds.ConfigMap, NAME, namespace=NAMESPACE)["data"]["key"] = "mine"
    assert value(cached) == "first"


def test_what_no_watch_covers_is_asked_each_time(server: Counting, cached: Cached) -> None:
    settled(server, cached)
    for ask in (
        lambda: cached.list(kinds.ConfigMap, namespace="kube-system"),
        lambda: cached.list(kinds.ConfigMap, namespace=NAMESPACE, labels={"a": "b"}),
        lambda: cached.list(kinds.Node),
    ):
        before = server.asked["list"]
        for _ in range(3):
            list(ask())
        assert server.asked["list"] == before + 3


def test_what_is_referred_to_is_asked_again_with_what_refers_to_it(server: Counting) -> None:
    cached = Cached(server, [kinds.Node])  # type: ignore[arg-type]
    events = cached.watch(kinds.ConfigMap, namespace=NAMESPACE, server_timeout=60)
    next(events)
    for other, times in ((kinds.Namespace, 0), (kinds.Node, 3)):
        value(cached)
        before = server.asked["get"]
        for _ in range(3):
            assert [*cached.list(other)]
            value(cached)
        assert server.asked["get"] == before + times
    events.close()  # type: ignore[attr-defined]


def test_what_there_is_none_of_is_asked_once(server: Counting) -> None:
    cached = Cached(server, ())  # type: ignore[arg-type]
    watch = cached.watch(kinds.Job, namespace=NAMESPACE, server_timeout=60)
    threading.Thread(target=next, args=(watch,), daemon=True).start()

    def kept() -> bool:
        before = server.asked["list"]
        assert not [*cached.list(kinds.Job, namespace=NAMESPACE)]
        return server.asked["list"] == before

    until(kept, "answer kept", 10)
    metadata = {"name": NAME, "namespace": NAMESPACE}
    pod = {"containers": [{"name": "one", "image": "none"}], "restartPolicy": "Never"}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata}
    server.create(kinds.of({**job, "spec": {"template": {"spec": pod}}}))
    until(lambda: len([*cached.list(kinds.Job, namespace=NAMESPACE)]) == 1, "change seen", 5)
    server.delete(kinds.Job, NAME, namespace=NAMESPACE)


def test_what_is_replaced_is_not_asked_for(server: Counting, cached: Cached) -> None:
    settled(server, cached)
    live = cached.get(kinds.ConfigMap, NAME, namespace=NAMESPACE)
    live["data"]["key"] = "mine"
    cached.replace(live)["data"]["key"] = "its caller's own"
    before = server.asked["get"]
    for _ in range(5):  # its event comes in between
        assert value(cached) == "mine"
        time.sleep(0.1)
    assert server.asked["get"] == before
    server.patch(kinds.ConfigMap, NAME, {"data": {"key": "theirs"}}, namespace=NAMESPACE)
    until(lambda: value(cached) == "theirs", "change seen", 5)


def test_a_list_of_before_is_not_kept_for_an_object_of_after(server: Counting) -> None:
    """The object is asked for when it has changed, and before the watch tells of that."""
    cached = Cached(server, ())  # type: ignore[arg-type]
    events = cached.watch(kinds.ConfigMap, namespace=NAMESPACE, server_timeout=60)
    next(events)

    def listed() -> str:
        found = cached.list(kinds.ConfigMap, namespace=NAMESPACE)
        return next(each["data"]["key"] for each in found if each["metadata"]["name"] == NAME)

    assert listed() == "first"
    server.patch(kinds.ConfigMap, NAME, {"data": {"key": "second"}}, namespace=NAMESPACE)
    assert (listed(), value(cached)) == ("first", "second")
    until(lambda: next(events)[0] == "MODIFIED", "the event", 5)
    assert listed() == "second"
    events.close()  # type: ignore[attr-defined]


def test_what_is_replaced_whatever_it_was_is_asked_for(server: Counting, cached: Cached) -> None:
    settled(server, cached)
    before = server.asked["get"]
    cached.replace(config_map("mine"))
    assert value(cached) == "mine"
    assert server.asked["get"] == before + 1


def test_a_replaced_status_is_not_taken_for_its_object(server: Counting) -> None:
    cached = Cached(server, ())  # type: ignore[arg-type]
    events = cached.watch(kinds.Image, server_timeout=60)
    next(events)
    live = cached.get(kinds.Image, "cluster")
    cached.replace(kinds.Image.Status({**live, "status": live.get("status", {})}), name="cluster")
    before = server.asked["get"]
    assert type(cached.get(kinds.Image, "cluster")) is kinds.Image
    assert server.asked["get"] == before
    events.close()  # type: ignore[attr-defined]


def test_a_watch_that_ended_covers_nothing(server: Counting) -> None:
    cached = Cached(server, ())  # type: ignore[arg-type]
    events = cached.watch(kinds.ConfigMap, namespace=NAMESPACE, server_timeout=60)
    next(events)
    events.close()  # type: ignore[attr-defined]
    before = server.asked["get"]
    for _ in range(3):
        value(cached)
    assert server.asked["get"] == before + 3
