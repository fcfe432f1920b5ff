"""Who waits for what an operator says."""

from types import SimpleNamespace
from typing import Any

from tests.lab.operator.live import published


def test_an_operator_that_has_said_nothing_yet_is_waited_for() -> None:
    available = {"type": "Available", "status": "True", "reason": "Ready"}
    degraded = {"type": "Degraded", "status": "False"}
    said = [{}, {"status": {}}, {"status": {"conditions": [degraded]}}]
    said.append({"status": {"conditions": [degraded, available]}})
    client: Any = SimpleNamespace(get=lambda *_: said.pop(0))
    assert published(client, "Available", "True", "Ready") == ("True", "Ready", "")
