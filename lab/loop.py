"""Watch some kinds, and reconcile whenever one of them changes.

Level-based: an event only wakes the loop, and what there is to do follows from
the state that `reconcile` reads itself. Doubled events do no harm, and missed ones
only until the next round, which comes soon without any.
"""

import faulthandler
import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lightkube import ApiError, Client

from lab.decoding import learn

GATHER = 0.02
"""Seconds to let a burst of events gather before one reconcile answers all of them."""

REST = 0.2
"""Seconds after a round before the next: what it wrote wakes the loop again, and each round reads
all that it looks at."""

RETRIES = (0.05, 0.1, 0.2, 0.5, 1, 2, 5)
"""Seconds to wait after the first, second, ... failure in a row; the last one repeats."""

RESYNC = 15.0
"""Seconds after which there is a round even if nothing was heard."""

WATCH = 60
"""Seconds after which the server is to end a watch; lightkube goes on where it ended."""

READY = "the first round is done"
"""The log says so once. Until then nobody knows whether the process is of any use."""

Watched = tuple[Any, str | None]
"""A kind, and its namespace: `"*"` is all of them, None is for cluster-scoped kinds."""


class Loop:
    """Run `reconcile` now, after every change of a watched kind, when it asks for it, and
    every `resync` seconds.

    `reconcile` returns the seconds after which it wants to be called even if nothing
    changes, or None. Whatever it raises is logged and tried again, slower each time.
    """

    def __init__(
        self,
        client: Client,
        watched: Sequence[Watched],
        reconcile: Callable[[], float | None],
        log: logging.Logger,
        resync: float = RESYNC,
    ) -> None:
        learn()  # here, where there are no threads yet
        self._client = client
        self._watched = watched
        self._reconcile = reconcile
        self._log = log
        self._resync = resync
        self._ready = False
        self._wake = threading.Event()
        self._stopped = threading.Event()

    def run(self) -> None:
        """Work until `stop()`."""
        for kind, namespace in self._watched:
            threading.Thread(target=self._watch, args=(kind, namespace), daemon=True).start()
        failures = 0
        due: float = 0
        while not self._stopped.is_set():
            self._wake.wait(due)
            self._stopped.wait(GATHER)
            self._wake.clear()
            if self._stopped.is_set():
                return
            try:
                due = self._round()
                failures = 0
            except Exception as error:  # a loop outlives what it meets
                due = RETRIES[min(failures, len(RETRIES) - 1)]
                failures += 1
                # Somebody else wrote first: nothing is wrong, look again.
                level = logging.DEBUG if _conflict(error) else logging.WARNING
                self._log.log(level, "retrying in %s s: %s", due, _describe(error))
            else:
                self._stopped.wait(REST)

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()

    def _round(self) -> float:
        """Reconcile; the seconds after which to do so again."""
        due = self._reconcile()
        if not self._ready:
            self._ready = True
            self._log.info(READY)
        return self._resync if due is None else min(due, self._resync)

    def _watch(self, kind: Any, namespace: str | None) -> None:
        failures = 0
        where = {"namespace": namespace} if namespace else {}
        while not self._stopped.is_set():
            try:
                for _ in self._client.watch(kind, server_timeout=WATCH, **where):
                    failures = 0
                    self._wake.set()
            except Exception as error:  # the server restarts, the version is gone, ...
                pause = RETRIES[min(failures, len(RETRIES) - 1)]
                failures += 1
                _let_go(error)
                self._log.debug("watch of %s: %s", kind.__name__, _describe(error))
                # A new watch begins with all that exists: what was missed wakes the loop then.
                self._stopped.wait(pause)


def run_until_signalled(*loops: Loop) -> None:
    """Run them side by side until SIGTERM or Ctrl-C; what they are doing then is finished first."""
    # Blocked and waited for, not handled: a handler could find the loop's own locks taken.
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    # A crash says where; of the crashed thread only, so that it fits the end of a log.
    faulthandler.enable(all_threads=False)
    workers = [threading.Thread(target=_work, args=(each,), daemon=True) for each in loops]
    for worker in workers:
        worker.start()
    signal.sigwait(ends)
    for each in loops:
        each.stop()
    for worker in workers:
        worker.join(timeout=5)


def _work(loop: Loop) -> None:
    """Run it; the process ends with it, however it ends, and does not look alive without it."""
    try:
        loop.run()
    finally:
        signal.pthread_kill(threading.main_thread().ident, signal.SIGTERM)


def logger(name: str, file: Path | None = None) -> logging.Logger:
    """A log of one line per action, to `file` or standard output; the HTTP client stays off it."""
    log = logging.getLogger(name)
    log.setLevel(logging.INFO)
    log.propagate = False
    handler = logging.FileHandler(file) if file else logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.handlers = [handler]
    return log


def _let_go(error: Exception) -> None:
    """Give the connection of a refused watch back: lightkube keeps it, and there are only 100."""
    response = getattr(error, "response", None)
    if response is not None:
        response.close()


def _conflict(error: Exception) -> bool:
    return isinstance(error, ApiError) and error.status.code == 409


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
