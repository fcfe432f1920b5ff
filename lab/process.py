"""Processes of the lab: started detached with an environment of their own, stopped by pid.

The folder of a process's log is its HOME. That tells it from a later one that got the same
pid, and finds those of a lab whose notes are lost. A time of start would not do: the system
counts it from its boot, which moves when the clock is set.
"""

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST = 15_000


@dataclass(frozen=True)
class Process:
    """A process that `start` started."""

    name: str
    pid: int
    home: str
    """The folder of its log."""

    @property
    def log(self) -> Path:
        return Path(self.home) / f"{self.name}.log"

    def running(self) -> bool:
        try:
            return _home(psutil.Process(self.pid)) == self.home
        except psutil.NoSuchProcess:
            return False

    def stop(self, patience: float = 10) -> None:
        """SIGTERM, then SIGKILL after `patience` seconds. Nothing if it is gone."""
        if self.running():
            _stop(psutil.Process(self.pid), patience)


def stop_under(directory: Path, patience: float) -> None:
    """Stop what has its log anywhere under `directory`, noted or not; the newest first."""
    for each in reversed(list(psutil.process_iter())):
        home = _home(each)
        if home is not None and Path(home).is_relative_to(directory):
            _stop(each, patience)


def _stop(process: psutil.Process, patience: float) -> None:
    try:
        process.terminate()
        try:
            process.wait(patience)
        except psutil.TimeoutExpired:
            process.kill()
            # Killed it is, though whoever has to notice may take his time.
            with suppress(psutil.TimeoutExpired):
                process.wait(patience)
    except psutil.NoSuchProcess:
        return


def _home(process: psutil.Process) -> str | None:
    """None if it is gone, a zombie, or another user's."""
    try:
        return process.environ().get("HOME")
    except (psutil.Error, OSError):
        return None


def start(
    name: str,
    command: Sequence[str | Path],
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> Process:
    """Start `command` in a session of its own, so that the caller's Ctrl-C does not reach it.

    The inherited environment is not passed on: a proxy, a token or a kubeconfig of
    the user's has no business in the lab. `log` is named `<name>.log`.
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
    process = Process(name, child.pid, str(log.parent))
    # For a moment after it has begun, the system shows its environment as empty.
    while not process.running() and child.poll() is None:
        time.sleep(0.001)
    return process


def free_port() -> int:
    """A loopback TCP port that is free now.

    None of those that the system gives to outgoing connections: until the process that is told
    of it listens, one of them could have been given away.
    """
    first = int(PORTS.read_text().split()[0]) if PORTS.exists() else 0
    for _ in range(100 if first > LOWEST else 0):
        port = LOWEST + secrets.randbelow(first - LOWEST)
        if _is_free(port):
            return port
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def _is_free(port: int) -> bool:
    with socket.socket() as sock:
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def listens(port: int) -> bool:
    """Whether somebody does, at this port of loopback."""
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def wait_until(
    ready: Callable[[], bool],
    what: str,
    process: Process,
    log: Path,
    seconds: float = 60,
    pause: float = 0.05,
) -> None:
    """Ask every `pause` seconds until `ready`; a dead process or the deadline is an error that
    quotes the log."""
    deadline = time.monotonic() + seconds
    while not ready():
        if not process.running():
            raise RuntimeError(f"{what}: {process.name} stopped. The end of its log:\n{tail(log)}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what}: not after {seconds:.0f} s. The end of {log}:\n{tail(log)}")
        time.sleep(pause)


def tail(log: Path, lines: int = 15) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return f"({log} is gone)"
