"""Watch some kinds, and reconcile whenever one of them changes.

Level-based: an event only wakes the loop, and what there is to do follows from
the state that `reconcile` reads itself. Missed or doubled events do no harm.
"""

import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lightkube import ApiError, Client

GATHER = 0.02
"""Seconds to let a burst of events gather before one reconcile answers all of them."""

RETRIES = (0.05, 0.1, 0.2, 0.5, 1, 2, 5)
"""Seconds to wait after the first, second, ... failure in a row; the last one repeats."""

Watched = tuple[Any, str | None]
"""A kind, and its namespace: `"*"` is all of them, None is for cluster-scoped kinds."""


class Loop:
    """Run `reconcile` now, after every change of a watched kind, and when it asks for it.

    `reconcile` returns the seconds after which it wants to be called even if nothing
    changes, or None. Whatever it raises is logged and tried again, slower each time.
    """

    def __init__(
        self,
        client: Client,
        watched: Sequence[Watched],
        reconcile: Callable[[], float | None],
        log: logging.Logger,
    ) -> None:
        self._client = client
        self._watched = watched
        self._reconcile = reconcile
        self._log = log
        self._wake = threading.Event()
        self._stopped = threading.Event()

    def run(self) -> None:
        """Work until `stop()`."""
        for kind, namespace in self._watched:
            threading.Thread(target=self._watch, args=(kind, namespace), daemon=True).start()
        failures = 0
        due: float | None = 0
        while not self._stopped.is_set():
            self._wake.wait(due)
            self._stopped.wait(GATHER)
            self._wake.clear()
            if self._stopped.is_set():
                return
            try:
                due = self._reconcile()
                failures = 0
            except Exception as error:  # a loop outlives what it meets
                due = RETRIES[min(failures, len(RETRIES) - 1)]
                failures += 1
                # Somebody else wrote first: nothing is wrong, look again.
                level = logging.DEBUG if _conflict(error) else logging.WARNING
                self._log.log(level, "retrying in %s s: %s", due, _describe(error))

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()

    def _watch(self, kind: Any, namespace: str | None) -> None:
        failures = 0
        while not self._stopped.is_set():
            try:
                for _ in self._client.watch(
                    kind, **({"namespace": namespace} if namespace else {})
                ):
                    failures = 0
                    self._wake.set()
            except Exception as error:  # the server restarts, the version is gone, ...
                pause = RETRIES[min(failures, len(RETRIES) - 1)]
                failures += 1
                self._log.debug("watch of %s: %s", kind.__name__, _describe(error))
                # A new watch begins with all that exists: what was missed wakes the loop then.
                self._stopped.wait(pause)


def run_until_signalled(*loops: Loop) -> None:
    """Run them side by side until SIGTERM or Ctrl-C; what they are doing then is finished first."""
    # Blocked and waited for, not handled: a handler could find the loop's own locks taken.
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    workers = [threading.Thread(target=each.run, daemon=True) for each in loops]
    for worker in workers:
        worker.start()
    signal.sigwait(ends)
    for each in loops:
        each.stop()
    for worker in workers:
        worker.join(timeout=5)


def logger(name: str, file: Path | None = None) -> logging.Logger:
    """A log of one line per action, to `file` or standard output; the HTTP client stays off it."""
    log = logging.getLogger(name)
    log.setLevel(logging.INFO)
    log.propagate = False
    handler = logging.FileHandler(file) if file else logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.handlers = [handler]
    return log


def _conflict(error: Exception) -> bool:
    return isinstance(error, ApiError) and error.status.code == 409


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
