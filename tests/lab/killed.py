"""Runs that are killed, and what the next one makes of it."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from lab.lab import Lab, say
from tests.lab.project import Project


def unjudged(folder: Path, lab: Lab) -> Project:
    """A project without the policy pack: it judges what is made, and would double the time."""
    project = Project(folder, lab)
    for name in [each for each in project.engine.environment if "POLICY_PACK" in each]:
        del project.engine.environment[name]
    return project


def until(made: Callable[[], object], what: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not made():
        assert time.monotonic() < deadline, f"no {what} was made"
        time.sleep(0.01)


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


def kill_after_it_makes(
    project: Project,
    points: int,
    made: Callable[[], object],
    what: str,
    reset: Callable[[], None],
    converges: Callable[[Project, str], None],
    seconds: float,
) -> None:
    """Kill so many runs, each at another moment between the first thing made and the end; after
    each `converges` has the next one run and looks at what came of it."""
    first, whole = timed(project, made, what, seconds)
    killed = 0
    for point in range(points):
        reset()
        project.engine.make_stack(say)
        process = start(project)
        until(made, what, seconds)
        time.sleep((whole - first) * point / points)
        with interrupted(process) as in_the_middle:
            killed += in_the_middle
            converges(project, f"killed at point {point}:")
    # A run that had ended already was not interrupted; a few at the end may be of that kind.
    assert killed >= points // 2, killed


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
