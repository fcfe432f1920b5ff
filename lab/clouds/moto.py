"""A moto server as a part of a lab: one process, started and stopped with it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.process import Process, free_port, wait_until
from lab.python import start_module

NOTES = "notes.json"


@dataclass(frozen=True)
class Moto:
    """Everything it keeps is under `directory`. `launch` and `ready` are apart, so that other
    parts of a lab can start meanwhile."""

    directory: Path

    def launch(self, name: str, dialect: str, *certificates: Path) -> Process:
        """`dialect`: whose rules hold, see lab.clouds.aws.server. Each certificate, with its key,
        gets a port of its own."""
        self.directory.mkdir(parents=True, exist_ok=True)
        http, *https = [free_port() for _ in range(1 + len(certificates))]
        own = {"http": http, "https": https}
        (self.directory / "ports.json").write_text(json.dumps(own))
        secured = [
            each
            for port, file in zip(https, certificates, strict=True)
            for each in ("--https", port, file)
        ]
        return start_module(
            self.directory / "logs" / f"{name}.log",
            "lab.clouds.aws.server",
            *("--dialect", dialect, "--credentials", self._written, "--http", http, *secured),
        )

    def ready(self, *processes: Process) -> None:
        """Until it answers; then it can be read about in the notes."""
        (process,) = processes
        wait_until(self._written.exists, f"{process.name} answers", process, process.log)
        ports = json.loads((self.directory / "ports.json").read_text())
        notes = json.loads(self._written.read_text()) | {
            "http": f"http://127.0.0.1:{ports['http']}",
            "https": [f"https://127.0.0.1:{each}" for each in ports["https"]],
        }
        # Written last: whoever reads it finds a service that answers.
        (self.directory / NOTES).touch(mode=0o600)
        (self.directory / NOTES).write_text(json.dumps(notes | self.own_notes()))

    def own_notes(self) -> dict[str, str]:
        """What a kind of service notes besides."""
        return {}

    def notes(self) -> dict[str, Any]:
        """Raises OSError or ValueError if it was never ready."""
        return json.loads((self.directory / NOTES).read_text())

    @property
    def http(self) -> str:
        return self.notes()["http"]

    @property
    def credentials(self) -> tuple[str, str]:
        """Access key and secret of the administrator."""
        notes = self.notes()
        return notes["id"], notes["secret"]

    @property
    def _written(self) -> Path:
        return self.directory / "credentials.json"
