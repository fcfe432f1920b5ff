"""The loop that both stand-ins run in."""

import http.server
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lightkube import Client, KubeConfig

import lab.loop
from lab import kinds
from lab.loop import READY, Loop
from lab.paths import ROOT
from lab.process import free_port, start
from lab.standins import await_platform

PATIENCE = 10

pytestmark = pytest.mark.slow


class Watches:
    """Stands for a client: `watch` yields what is put into `events`, or raises it."""

    def __init__(self) -> None:
        self.events: queue.Queue = queue.Queue()
        self.opened = 0
        self.ends_after = 0

    def watch(
        self, kind: object, namespace: str | None = None, server_timeout: int = 0
    ) -> Iterator[object]:
        self.opened += 1
        self.ends_after = server_timeout
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


@pytest.mark.parametrize("due", [None, 600])
def test_a_lost_event_heals(running: Running, due: float | None) -> None:
    running.loop._resync = 0.2
    running.answers = [due] * 3
    running.thread.start()
    rounds = [running.round() for _ in range(3)]
    assert rounds[2] - rounds[0] >= 0.4


def test_a_watch_does_not_last_for_ever(running: Running) -> None:
    running.thread.start()
    running.round()
    running.client.events.put("changed")
    running.round()
    assert 0 < running.client.ends_after <= 300


def test_the_first_round_that_succeeds_is_told_once(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    running.loop._resync = 0.1
    running.answers = [ValueError("no API server")]
    running.thread.start()
    for _ in range(4):
        running.round()
    said = [each.message for each in caplog.records]
    assert [READY in each for each in said] == [False, True], said


class Refusing(http.server.BaseHTTPRequestHandler):
    """An API server that has no such kind."""

    protocol_version = "HTTP/1.1"
    asked: queue.Queue

    def do_GET(self) -> None:
        body = b'{"kind": "Status", "code": 404, "message": "no such kind"}'
        self.send_response(404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.asked.put(self.path)

    def log_message(self, *_: object) -> None:
        pass


class Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass  # a client may go in the middle of an answer


def test_refused_watches_use_no_connections_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab.loop, "RETRIES", (0.001,))
    Refusing.asked = queue.Queue()
    server = Quiet(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(KUBECONFIG.format(port=server.server_port))
    client = Client(KubeConfig.from_file(kubeconfig), trust_env=False)
    watching = Loop(client, [(kinds.Route, "*")], lambda: None, logging.getLogger("test.loop"))
    threading.Thread(target=watching.run, daemon=True).start()
    try:
        for _ in range(150):  # the client has 100
            Refusing.asked.get(timeout=PATIENCE / 2)
    finally:
        watching.stop()
        server.shutdown()
        server.server_close()


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


def test_what_answers_are_decoded_into_is_known_before_there_are_threads(tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(KUBECONFIG.format(port=free_port()))
    late = [sys.executable, "-m", "tests.lab.platform.late_classes", kubeconfig]
    said = subprocess.run(late, cwd=ROOT, capture_output=True, text=True)
    assert (said.returncode, said.stdout, said.stderr) == (0, "looked at late:\n", "")


def test_a_stand_in_that_crashes_says_where(tmp_path: Path) -> None:
    kubeconfig, log = tmp_path / "kubeconfig", tmp_path / "platform.log"
    kubeconfig.write_text(KUBECONFIG.format(port=free_port()))
    command = [sys.executable, "-m", "lab.platform", *ITS_OWN["lab.platform"]]
    process = start(
        "platform", [*command, "--kubeconfig", kubeconfig], log, {"PYTHONPATH": str(ROOT)}
    )
    deadline = time.monotonic() + PATIENCE
    while "retrying" not in log.read_text():
        assert time.monotonic() < deadline and process.running()
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGSEGV)
    with pytest.raises(RuntimeError, match="platform stopped") as told:
        await_platform(process)
    assert "Segmentation fault" in str(told.value)
    assert "in run_until_signalled" in str(told.value)


def test_a_stand_in_that_ends_at_once_is_told_with_its_log(tmp_path: Path) -> None:
    program = "print('canary'); raise SystemExit(3)"
    process = start("platform", [sys.executable, "-c", program], tmp_path / "platform.log")
    with pytest.raises(RuntimeError, match=r"platform stopped\. The end of its log:\ncanary"):
        await_platform(process)


def test_a_process_does_not_outlive_its_loop() -> None:
    program = """
from lab.loop import run_until_signalled
class Broken:
    def run(self): raise RuntimeError("canary")
    def stop(self): pass
run_until_signalled(Broken())
"""
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )
    assert "RuntimeError: canary" in said.stderr


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
