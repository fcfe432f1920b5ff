"""What the look back at configs/cluster says, whatever it finds."""

import pulumi
import pytest

from cluster.read import Unreachable
from components import confirm
from settings.facts import LiveFacts, Patched
from tests.components.conftest import ACCESS

WANTED = {"replicas": 1, "storage": {"managementState": "Unmanaged", "pvc": {"claim": "mine"}}}


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Unreachable("it does not answer"), "looked at again: it does not answer"),
        (LiveFacts(unread=("configs/cluster: Forbidden",)), "again: configs/cluster: Forbidden"),
        (LiveFacts(config=Patched(absent=True)), "again: there is none"),
        (
            LiveFacts(config=Patched({"spec": {**WANTED, "replicas": 2}})),
            r"spec.replicas: 2 -> 1 \(now nobody\)",
        ),
    ],
)
def test_each_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, answer: LiveFacts | Exception, says: str
) -> None:
    def read_config(access: object) -> LiveFacts:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(confirm, "read_config", read_config)
    with pytest.raises(pulumi.RunError, match=says):
        confirm.check(ACCESS, WANTED)


def test_as_wanted_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    live = {"spec": {**WANTED, "httpSecret": "theirs"}}
    monkeypatch.setattr(confirm, "read_config", lambda access: LiveFacts(config=Patched(live)))
    confirm.check(ACCESS, WANTED)
