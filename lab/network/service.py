"""The network as a part of a lab: one process, started and stopped with it."""

import json
import socket
from dataclasses import dataclass
from pathlib import Path

from lab.network.routes import Routes, leads
from lab.paths import ROOT
from lab.process import Process, free_port, start, wait_until

PYTHON = ROOT / ".venv" / "bin" / "python"
NOTES = "network.json"


@dataclass(frozen=True)
class Network:
    """The network of one lab; everything it keeps is under `directory`."""

    directory: Path
    address: str
    """host:port of its proxy."""
    routes: Routes

    @classmethod
    def at(cls, directory: Path) -> "Network | None":
        """The one that was started there; None if none was."""
        try:
            return cls(directory, **json.loads((directory / NOTES).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    @classmethod
    def start(cls, directory: Path, routes: Routes) -> Process:
        directory.mkdir(parents=True, exist_ok=True)
        known, port = directory / "routes.json", free_port()
        known.write_text(json.dumps(routes))
        log = directory / "logs" / "network.log"
        process = start(
            "network",
            [PYTHON, "-m", "lab.network", "--port", str(port), "--routes", known],
            log,
            {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        )
        wait_until(lambda: _listens(port), "the network answers", process, log)
        notes = {"address": f"127.0.0.1:{port}", "routes": dict(routes)}
        # Written last: whoever reads it finds a proxy that answers.
        (directory / NOTES).write_text(json.dumps(notes))
        return process

    def reaches(self, host: str, port: int) -> bool:
        return leads(self.routes, host, port) is not None


def _listens(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0
