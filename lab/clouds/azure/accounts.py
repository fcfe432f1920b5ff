"""The storage accounts that the blobs' server knows, each with its two keys.

It learns of accounts when it starts, so it is started anew for each that comes. What the lab's
stack file names is there from the beginning, and has its keys; it exists once somebody has made it.
"""

import base64
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

FILE, SERVED = "accounts.json", "served.json"
PATIENCE = 60.0


class Accounts:
    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @property
    def known(self) -> dict[str, list[str]]:
        try:
            return json.loads((self.directory / FILE).read_text())
        except FileNotFoundError:
            return {}

    def keys(self, name: str) -> list[str]:
        return self.known[name]

    def add(self, names: Iterable[str]) -> None:
        """Those that are known keep their keys."""
        known = self.known
        for name in names:
            known.setdefault(name, [_key(), _key()])
        new = self.directory / f"{FILE}.{os.getpid()}"
        new.touch(mode=0o600)
        new.write_text(json.dumps(known))
        new.replace(self.directory / FILE)

    def await_served(self, name: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while name not in self.served():
            if time.monotonic() > deadline:
                raise TimeoutError(f"the lab's blob server does not serve {name}")
            time.sleep(0.05)

    def served(self) -> list[str]:
        try:
            return json.loads((self.directory / SERVED).read_text())
        except (FileNotFoundError, ValueError):
            return []


def _key() -> str:
    """512 bits (Azure Storage, "Manage account access keys")."""
    return base64.b64encode(os.urandom(64)).decode()
