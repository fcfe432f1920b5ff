"""Runs that are killed, and what the next one makes of it."""

import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from lab.lab import Lab, say
from tests.lab.project import Project


def unjudged(folder: Path, lab: Lab) -> Project:
    """A project without the policy pack: it judges what is made, and would double the time."""
    project = Project(folder, lab)
    project.engine.environment = project.unjudged
    return project


def until(made: Callable[[], object], what: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not made():
        assert time.monotonic() < deadline, f"no {what} was made"
        time.sleep(0.03)


def timed(
    project: Project, made: Callable[[], object], what: str, seconds: float
) -> tuple[float, float]:
    """Seconds until a run has made that, and until it ends."""
    began = time.monotonic()
    process = start(project)
    until(made, what, seconds)
    first = time.monotonic() - began
    assert process.wait(seconds) == 0
    return first, time.monotonic() - began


def rotate(project: Project, text: str) -> None:
    sections = project.original()
    sections["storage"]["credentials"]["create"]["rotation"] = text
    project.write(sections)


class Rotation:
    """A stack file that asks for another credential, and another. `keys`: those that are there."""

    def __init__(self, project: Project, keys: Callable[[], Collection[str]]) -> None:
        self._project, self._keys = project, keys
        self._asked = 0
        self._before: set[str] = set()

    def ask(self) -> None:
        self._asked += 1
        rotate(self._project, str(self._asked))
        self._before = set(self._keys())

    def made(self) -> bool:
        return not set(self._keys()) <= self._before


def kill_at_points(
    project: Project,
    points: int,
    reset: Callable[[], None],
    converges: Callable[[Project, str], None],
    made: Callable[[], object] = lambda: True,
    what: str = "",
    before: Sequence[float] = (),
    seconds: float = 60,
) -> None:
    """Kill so many runs, each at another moment: the first ones `before` the first thing is made,
    after these parts of the time until then, the others from then to the end. After each
    `converges` has the next one run and looks at what came of it."""
    reset()
    project.engine.make_stack(say)
    first, whole = timed(project, made, what, seconds)
    point = 0
    while point < points:
        reset()
        project.engine.make_stack(say)
        process, began = start(project), time.monotonic()
        with suppress(subprocess.TimeoutExpired):
            if point < len(before):
                process.wait(first * before[point])
            else:
                time.sleep(first * 0.7)  # to ask all the time takes the run's own
                until(made, what, seconds)
                process.wait((whole - first) * (point - len(before)) / (points - len(before)))
        with interrupted(process) as in_the_middle:
            if in_the_middle:
                converges(project, f"killed at point {point}:")
                point += 1
        if not in_the_middle:
            # It ended first: the run that was timed took longer, as the first one does. Again.
            assert process.returncode == 0 and whole > 0.5, f"at point {point}"
            faster = min((time.monotonic() - began) / whole, 0.9)
            first, whole = first * faster, whole * faster


@contextmanager
def interrupted(process: subprocess.Popen[bytes]) -> Iterator[bool]:
    """Kill the engine; whether it still ran. Its plugins, which it does not take with it, live on
    within: they may be at work. Then they go, for by themselves they don't."""
    running = process.poll() is None
    plugins = psutil.Process(process.pid).children(recursive=True) if running else []
    process.kill()
    process.wait()
    try:
        yield running
    finally:
        for each in plugins:
            with suppress(psutil.NoSuchProcess):
                each.kill()


def start(project: Project) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["pulumi", "--non-interactive", "up", "--yes", "--skip-preview", "--stack", project.stack],
        cwd=project.directory,
        env=project.engine.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
