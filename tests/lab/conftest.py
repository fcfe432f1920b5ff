"""Labs for tests: real API server and stand-ins, shared by a run, stopped at its end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab.lab import Lab, say
from tests.lab.project import Project, reset
from tests.warm import server

LabOf = Callable[..., Lab]

EVERYBODYS = ("4.15", "lab-cinder")
ALIVE = 1
"""How many other labs run at once: also one that nobody asks works all the time."""


@pytest.fixture(scope="session", autouse=True)
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Programs, packs and stand-ins of plugins start in a tenth of the time."""
    with server.started(tmp_path_factory.mktemp("warm")):
        yield


@pytest.fixture(scope="session")
def lab_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabOf]:
    """`lab_of("4.15")` or `lab_of("current")`: the run's lab with OpenShift's CRDs of that time.

    `lab_of("4.15", "lab-vsphere")`: that of another stack's cluster, which stays while the test
    file needs it; another file may get it anew.
    """
    labs: dict[tuple[str, str], Lab] = {}

    def get(release: str, stack: str = EVERYBODYS[1]) -> Lab:
        key = (release, stack)
        if key in labs:
            labs[key] = labs.pop(key)  # the last one asked for is the last to go
            return labs[key]
        others = [each for each in labs if each != EVERYBODYS]
        if key != EVERYBODYS and len(others) >= ALIVE:
            labs.pop(others[0]).stop()
        labs[key] = Lab(stack, tmp_path_factory.mktemp(f"{stack}-{release}"))
        labs[key].start(say, release)
        return labs[key]

    yield get
    for each in labs.values():
        each.stop()


@pytest.fixture(scope="session")
def lab(lab_of: LabOf) -> Lab:
    """The run's lab. Leave it as you found it."""
    return lab_of("4.15")


@pytest.fixture
def fresh_lab(tmp_path: Path) -> Iterator[Lab]:
    """A lab of this test's own, with an OpenShift nobody has touched yet."""
    own = Lab("lab-cinder", tmp_path / "lab")
    own.start(say)
    yield own
    own.stop()


@pytest.fixture
def project(lab: Lab, tmp_path: Path) -> Project:
    """The checkout's program with stack files of this test's own, on a registry as installed."""
    reset(lab)
    return Project(tmp_path / "project", lab)
