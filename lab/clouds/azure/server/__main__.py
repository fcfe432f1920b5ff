"""`python -m lab.clouds.azure.server --directory FOLDER --node FILE --main FILE --port PORT
--certificate FILE`

Serves the accounts of FOLDER/accounts.json until SIGTERM, and starts Azurite anew when there is
another one; FOLDER/served.json says which it serves."""

import argparse
import json
import signal
import threading
from pathlib import Path

from lab.clouds.azure.accounts import SERVED, Accounts
from lab.clouds.azure.server.front import Front
from lab.clouds.azure.store import Store
from lab.process import Process, free_port, listens, start, wait_until

PAUSE = 0.05


class Blobs:
    """Azurite with the accounts of the file. What it keeps is on disk, and outlives it."""

    def __init__(self, directory: Path, node: Path, main: Path, certificate: Path) -> None:
        self._directory, self._command = directory, (node, main)
        self._certificate = certificate
        self._accounts = Accounts(directory)
        self._process: Process | None = None
        self._seen: dict[str, list[str]] = {}
        self.port = 0

    def keep(self) -> None:
        """Start it, anew if there are others than it serves or if it has died."""
        known = self._accounts.known
        if self._process is not None and self._process.running() and known == self._seen:
            return
        self.stop()
        self.port = free_port()
        text = ";".join(f"{name}:{':'.join(keys)}" for name, keys in known.items())
        log = self._directory / "logs" / "azurite.log"
        self._process = start(
            "azurite",
            [
                *self._command,
                *("--blobHost", "127.0.0.1", "--blobPort", str(self.port)),
                *("--location", self._directory / "blobs", "--silent", "--disableTelemetry"),
                # It compares its own scheme with what a signed URL asks for.
                *("--cert", self._certificate, "--key", self._certificate),
                # The clients are newer than it is.
                "--skipApiVersionCheck",
            ],
            log,
            {"AZURITE_ACCOUNTS": text},
        )
        wait_until(lambda: listens(self.port), "azurite answers", self._process, log)
        self._seen = known
        new = self._directory / f"{SERVED}.new"
        new.write_text(json.dumps(list(known)))
        new.replace(self._directory / SERVED)
        (self._directory / "blobs.port").write_text(str(self.port))

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
        self._process = None


def main() -> None:
    parser = argparse.ArgumentParser(prog="lab.clouds.azure.server", description=__doc__)
    for name in ("directory", "node", "main", "certificate"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    # One that ended is buried by the system: nobody here waits for it.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    blobs = Blobs(given.directory, given.node, given.main, given.certificate)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    blobs.keep()
    front = Front(given.port, given.certificate, Store(given.directory), lambda: blobs.port)
    threading.Thread(target=front.serve_forever, daemon=True).start()
    while not ended.wait(PAUSE):
        blobs.keep()
    blobs.stop()


if __name__ == "__main__":
    main()
