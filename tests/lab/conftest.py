"""Labs for tests: real API server and stand-ins, shared by a run, stopped at its end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab.lab import Lab, say
from tests.lab.project import Project, reset


@pytest.fixture(scope="session")
def lab_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Lab]]:
    """`lab_of("4.15")` or `lab_of("current")`: the run's lab with OpenShift's CRDs of that time."""
    labs: dict[str, Lab] = {}

    def get(release: str) -> Lab:
        if release not in labs:
            labs[release] = Lab("lab-cinder", tmp_path_factory.mktemp(f"lab-{release}"))
            labs[release].start(say, release)
        return labs[release]

    yield get
    for each in labs.values():
        each.stop()


@pytest.fixture(scope="session")
def lab(lab_of: Callable[[str], Lab]) -> Lab:
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
