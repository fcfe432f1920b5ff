"""Processes of the lab: started detached with an environment of their own, stopped by pid."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Process:
    """A running process. `created` tells it from a later one that got the same pid."""

    name: str
    pid: int
    created: float

    def running(self) -> bool:
        try:
            process = psutil.Process(self.pid)
            return (
                abs(process.create_time() - self.created) < 1
                and process.status() != psutil.STATUS_ZOMBIE
            )
        except psutil.NoSuchProcess:
            return False

    def stop(self, patience: float = 10) -> None:
        """SIGTERM, then SIGKILL after `patience` seconds. Nothing if it is gone."""
        if not self.running():
            return
        process = psutil.Process(self.pid)
        process.terminate()
        try:
            process.wait(patience)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(patience)

    as_dict = asdict


def start(
    name: str,
    command: Sequence[str | Path],
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> Process:
    """Start `command` in a session of its own, so that the caller's Ctrl-C does not reach it.

    The inherited environment is not passed on: a proxy, a token or a kubeconfig of
    the user's has no business in the lab.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    built = {"PATH": os.defpath, "HOME": str(log.parent), "LANG": "C.UTF-8", **(environment or {})}
    with log.open("ab") as output:
        child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=built,
            start_new_session=True,
        )
    return Process(name, child.pid, psutil.Process(child.pid).create_time())


def free_port() -> int:
    """A loopback TCP port that is free now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_until(
    ready: Callable[[], bool], what: str, process: Process, log: Path, seconds: float = 60
) -> None:
    """Poll until `ready`; a dead process or the deadline is an error that quotes the log."""
    deadline = time.monotonic() + seconds
    while not ready():
        if not process.running():
            raise RuntimeError(f"{what}: {process.name} stopped. The end of its log:\n{tail(log)}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what}: not after {seconds:.0f} s. The end of {log}:\n{tail(log)}")
        time.sleep(0.05)


def tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
