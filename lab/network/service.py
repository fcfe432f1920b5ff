"""The network as a part of a lab: one process, started and stopped with it."""

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lab.network.routes import Routes, leads
from lab.process import Process, free_port, listens, wait_until
from lab.python import start_module

NOTES = "network.json"


@dataclass(frozen=True)
class Network:
    """The network of one lab; everything it keeps is under `directory`."""

    directory: Path
    outside: str
    """host:port of the proxy to what a machine beside the cluster reaches."""
    inside: str
    """host:port of the proxy to what a pod reaches: that, and services by their names."""
    routes: Routes
    """What a pod reaches."""

    @classmethod
    def at(cls, directory: Path) -> "Network | None":
        """The one that was started there; None if none was."""
        try:
            return cls(directory, **json.loads((directory / NOTES).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    @classmethod
    def start(cls, directory: Path, outside: Routes, inside: Routes) -> Process:
        """`inside`: what a pod reaches besides."""
        directory.mkdir(parents=True, exist_ok=True)
        doors = {"outside": dict(outside), "inside": {**outside, **inside}}
        ports = {name: free_port() for name in doors}
        arguments: list[str | Path | int] = []
        for name, routes in doors.items():
            known = directory / f"{name}.json"
            known.write_text(json.dumps(routes))
            arguments += ["--door", ports[name], known]
        log = directory / "logs" / "network.log"
        process = start_module(log, "lab.network", *arguments)
        for port in ports.values():
            wait_until(partial(listens, port), "the network answers", process, log)
        notes = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
        # Written last: whoever reads it finds a proxy that answers.
        (directory / NOTES).write_text(json.dumps({**notes, "routes": doors["inside"]}))
        return process

    def reaches(self, host: str, port: int) -> bool:
        """Does a pod?"""
        return leads(self.routes, host, port) is not None
