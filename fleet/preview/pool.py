"""Previews side by side, so many at once, each in a fork of this process."""

import ast
import gc
import importlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from fleet.preview.job import Job, Ran

TICK = 0.2
"""Seconds between two looks at the clock."""
PATIENCE = 15
"""Seconds in which an engine that is told to stop has to."""
GONE, LATE = -1, -2
"""Instead of an exit code: the process died; it took too long."""


@dataclass
class Running:
    job: Job
    process: BaseProcess
    answer: Connection
    began: float
    ending: float | None = None
    """Since when it is told to stop."""

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


Watch = Callable[[list[Running]], None]


def previews(
    jobs: Iterable[Job], parallel: int, timeout: float, watch: Watch
) -> Iterator[tuple[Job, Ran]]:
    """Each job with what came of it, as they end. `watch` sees those that run, again and again.

    Interrupted, it tells the engines and waits for them, so that none leaves a lock behind.
    """
    waiting, running = [*jobs], []
    # Here, and not by each: what a process that dies leaves is removed too. Its engine may still
    # write there, which is no reason to lose what the others have said.
    temporary = tempfile.TemporaryDirectory(prefix="ocpreg-preview-", ignore_cleanup_errors=True)
    with temporary as scratch, _interrupts() as look:
        try:
            while waiting or running:
                while waiting and len(running) < parallel:
                    running.append(_start(waiting.pop(0), scratch))
                watch(running)
                ready = wait([each.answer for each in running], TICK)
                look()
                for each in [each for each in running if each.answer in ready]:
                    running.remove(each)
                    ran = _finish(each)
                    _learn(ran.imported)
                    yield each.job, ran
                for each in running:
                    _hurry(each, timeout)
        finally:
            _stop(running)


@contextmanager
def _interrupts() -> Iterator[Callable[[], None]]:
    """Ctrl-C as an exception, and only where the yielded function is called: anywhere else it could
    come between a fork and its being noted, or in a destructor, where Python drops it."""
    asked: list[int] = []

    def look() -> None:
        if asked:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield look  # signals are the main thread's
        return
    before = signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    try:
        yield look
    finally:
        signal.signal(signal.SIGINT, before)


def warm(project: Path) -> None:
    """Import what every stack's program imports: once, before anything is forked."""
    sys.path.insert(0, str(project))
    import fleet.preview.worker  # noqa: F401

    tree = ast.parse((project / "__main__.py").read_bytes())
    for node in tree.body:
        if isinstance(node, ast.Import):
            _learn(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            _learn([node.module])
    # Forks share what is never written to; the collector writes to all that it looks at.
    gc.collect()
    gc.freeze()


def _learn(modules: Iterable[str]) -> None:
    """What one stack had to import, the next ones find imported."""
    for name in modules:
        if name not in sys.modules:
            with suppress(Exception):
                importlib.import_module(name)


def _start(job: Job, scratch: str) -> Running:
    from fleet.preview.worker import work

    context = multiprocessing.get_context("fork")
    answer, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(job, theirs, scratch), daemon=False)
    process.start()
    with suppress(OSError):  # it does so itself, and may have ended
        os.setpgid(process.pid, process.pid)
    # Held there alone, it closes when that process ends, however it does.
    theirs.close()
    return Running(job, process, answer, time.monotonic())


def _finish(each: Running) -> Ran:
    try:
        ran = each.answer.recv()
    except EOFError:
        ran = None
    each.process.join()
    if each.ending is not None:
        return Ran(LATE, each.seconds, "", "", ran.events if ran else "")
    return ran or Ran(GONE, each.seconds, "", f"exit code {each.process.exitcode}", "")


def _hurry(each: Running, timeout: float) -> None:
    now = time.monotonic()
    if each.ending is None and each.seconds > timeout:
        each.ending = now
        _signal(each, signal.SIGINT)
    elif each.ending is not None and now - each.ending > PATIENCE:
        _signal(each, signal.SIGKILL)


def _stop(running: list[Running]) -> None:
    for each in running:
        _signal(each, signal.SIGINT)
    deadline = time.monotonic() + PATIENCE
    for each in running:
        each.process.join(max(deadline - time.monotonic(), 0))
        if each.process.is_alive():
            _signal(each, signal.SIGKILL)
            each.process.join()


def _signal(each: Running, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(each.process.pid, number)
