"""The loop that both stand-ins run in."""

import logging
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import kinds
from lab.loop import Loop
from lab.process import free_port

PATIENCE = 10


class Watches:
    """Stands for a client: `watch` yields what is put into `events`, or raises it."""

    def __init__(self) -> None:
        self.events: queue.Queue = queue.Queue()
        self.opened = 0

    def watch(self, kind: object, namespace: str | None = None) -> Iterator[object]:
        self.opened += 1
        while True:
            event = self.events.get()
            if isinstance(event, Exception):
                raise event
            yield event


class Running:
    """A loop in a thread; `rounds` has what each reconcile found in `answers`."""

    def __init__(self) -> None:
        self.client = Watches()
        self.answers: list[float | Exception | None] = []
        self.rounds: queue.Queue = queue.Queue()
        log = logging.getLogger("test.loop")
        self.loop = Loop(self.client, [(kinds.Node, None)], self._reconcile, log)
        self.thread = threading.Thread(target=self.loop.run, daemon=True)

    def _reconcile(self) -> float | None:
        answer = self.answers.pop(0) if self.answers else None
        self.rounds.put(time.monotonic())
        if isinstance(answer, Exception):
            raise answer
        return answer

    def round(self) -> float:
        return self.rounds.get(timeout=PATIENCE)


@pytest.fixture
def running() -> Iterator[Running]:
    made = Running()
    yield made
    made.loop.stop()
    made.thread.join(timeout=PATIENCE)
    assert not made.thread.is_alive()


def test_it_reconciles_at_once_and_after_every_event(running: Running) -> None:
    running.thread.start()
    running.round()
    running.client.events.put("changed")
    running.round()
    assert running.rounds.empty()


def test_a_burst_is_answered_once(running: Running) -> None:
    for _ in range(50):
        running.client.events.put("changed")
    running.thread.start()
    running.round()
    time.sleep(0.3)
    assert running.rounds.qsize() <= 2


def test_it_comes_back_when_asked_to(running: Running) -> None:
    running.answers = [0.2, None]
    running.thread.start()
    assert running.round() + 0.2 <= running.round()


def test_it_outlives_failures(running: Running) -> None:
    running.answers = [ValueError("one"), ValueError("two"), None]
    running.thread.start()
    for _ in range(3):
        running.round()


def test_a_broken_watch_is_opened_again(running: Running) -> None:
    running.thread.start()
    running.round()
    running.client.events.put(ConnectionError("gone"))
    running.client.events.put("changed")
    running.round()
    assert running.client.opened == 2


KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: lab
contexts: [{{name: lab, context: {{cluster: lab, user: lab}}}}]
clusters: [{{name: lab, cluster: {{server: "http://127.0.0.1:{port}"}}}}]
users: [{{name: lab, user: {{token: token-canary}}}}]
"""


ITS_OWN = {"lab.operator": [], "lab.platform": ["--registry", "none", "--directory", "none"]}


@pytest.mark.parametrize("module", ITS_OWN)
def test_a_stand_in_waits_for_its_api_server_and_ends_when_told(
    module: str, tmp_path: Path
) -> None:
    kubeconfig, log = tmp_path / "kubeconfig", tmp_path / "log"
    kubeconfig.write_text(KUBECONFIG.format(port=free_port()))
    arguments = ["--kubeconfig", kubeconfig, "--log", log, *ITS_OWN[module]]
    process = subprocess.Popen([sys.executable, "-m", module, *arguments], stderr=subprocess.PIPE)
    deadline = time.monotonic() + PATIENCE
    while not (log.exists() and "retrying" in log.read_text()):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    process.terminate()
    _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, b"")
    assert "token-canary" not in log.read_text()


@pytest.mark.parametrize("module", ITS_OWN)
def test_a_missing_kubeconfig_is_one_sentence(module: str, tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", module, "--kubeconfig", tmp_path / "none", *ITS_OWN[module]],
        capture_output=True,
        text=True,
    )
    assert said.returncode == 2
    assert f"no file {tmp_path / 'none'}" in said.stderr
    assert "Traceback" not in said.stderr
