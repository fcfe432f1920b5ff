"""What the look back at configs/cluster says, whatever it finds."""

from typing import Any

import pulumi
import pytest

from cluster.client import Unreachable
from cluster.read import CONFIG
from components import confirm
from components.kubernetes_object import Place
from settings.facts import Patched
from tests.components.conftest import ACCESS

WANTED = {"replicas": 1, "storage": {"managementState": "Unmanaged", "pvc": {"claim": "mine"}}}


ABSENT = Patched(absent=True)
FORBIDDEN = ("configs/cluster: Forbidden",)
OTHER = Patched({"spec": {**WANTED, "replicas": 2}})


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Unreachable("it does not answer"), "looked at again: it does not answer"),
        ((Patched(), FORBIDDEN), "again: configs/cluster: Forbidden"),
        ((ABSENT, ()), "again: there is none"),
        ((OTHER, ()), r"spec.replicas: 2 -> 1 \(now nobody\)"),
    ],
)
def test_each_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, answer: tuple[Patched, tuple[str, ...]] | Exception, says: str
) -> None:
    def read_patched(*asked: object) -> tuple[Patched, tuple[str, ...]]:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(confirm, "read_patched", read_patched)
    with pytest.raises(pulumi.RunError, match=says):
        confirm.check(ACCESS, "configs/cluster", CONFIG, WANTED)


@pytest.mark.parametrize("filled", [{}, {"emptyDir": {"sizeLimit": "1Gi"}}])
def test_as_wanted_is_silent(monkeypatch: pytest.MonkeyPatch, filled: dict[str, Any]) -> None:
    """What is wanted empty may be filled by the operator."""
    wanted = {**WANTED, **{key: {} for key in filled}}
    live = Patched({"spec": {**WANTED, **filled, "httpSecret": "theirs"}})
    monkeypatch.setattr(confirm, "read_patched", lambda *asked: (live, ()))
    confirm.check(ACCESS, "configs/cluster", CONFIG, wanted)


def test_what_is_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine would say that it is unchanged."""
    there = {"one": True, "two": False, "three": False}

    def read_places(access: object, places: list[Place]) -> list[tuple[Place, bool]]:
        return [(each, there[each.name]) for each in places]

    monkeypatch.setattr(confirm, "read_places", read_places)
    secret, role = Place("v1", "Secret", "two", "here"), Place("v1", "ClusterRole", "three")
    with pytest.raises(pulumi.RunError, match=r"Secret here/two, ClusterRole three\n    fix: pul"):
        confirm.check_there(ACCESS, [Place("v1", "ConfigMap", "one", "here"), secret, role])
    confirm.check_there(ACCESS, [Place("v1", "ConfigMap", "one", "here")])
