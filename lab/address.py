"""Where the registry of a lab listens: a loopback port, noted in a file of its own.

It is chosen before the first registry starts and stays for the lab's life, so that what was told
of it once is right after a restart too.
"""

from dataclasses import dataclass
from pathlib import Path

from lab.process import free_port


@dataclass(frozen=True)
class Address:
    """The address noted in `folder`."""

    folder: Path

    @property
    def _file(self) -> Path:
        return self.folder / "address"

    @property
    def port(self) -> int | None:
        text = self.text
        return int(text.rpartition(":")[2]) if text else None

    @property
    def text(self) -> str | None:
        try:
            return self._file.read_text().strip()
        except FileNotFoundError:
            return None

    def choose(self) -> int:
        """Another one, when there is none yet or somebody else has taken it."""
        port = free_port()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._file.write_text(f"127.0.0.1:{port}\n")
        return port
