"""Labs for tests: real API server and stand-ins, shared by a run, stopped at its end."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from lab.lab import Lab, say
from tests.lab.planes import SharedLab, planes
from tests.lab.project import Project, reset
from tests.units import ask_for, unit

LabOf = Callable[..., Lab]

EVERYBODYS = ("4.15", "lab-cinder")


@pytest.fixture(scope="session", autouse=True)
def all_runs(quick_runs: None) -> None:
    """Are quick ones here."""


@pytest.fixture(scope="session", autouse=True)
def kept_planes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Go with the run."""
    planes.folder = tmp_path_factory.mktemp("planes")
    yield
    planes.close()


Labs = dict[tuple[str, str], Lab]
"""By release and stack."""

LABS = pytest.StashKey[Labs]()


@pytest.fixture(scope="session")
def labs(request: pytest.FixtureRequest, kept_planes: None) -> Iterator[Labs]:
    found = request.config.stash[LABS] = {}
    yield found
    for each in found.values():
        each.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """A unit's labs end with it, but for everybody's if the next one asks for that: also a lab that
    nobody asks works all the time."""
    try:
        return (yield)
    finally:
        path = nextitem.path if nextitem else None
        if path is None or unit(path) != unit(item.path):
            labs = item.config.stash.get(LABS, {})
            coming = [each for each in item.session.items if each.path == path]
            kept = {EVERYBODYS} if ask_for(coming, "lab") else set()
            for key in labs.keys() - kept:
                labs.pop(key).stop()
            if not any(each.get_closest_marker("lab") for each in coming):
                planes.close()


@pytest.fixture(scope="session")
def lab_of(labs: Labs, tmp_path_factory: pytest.TempPathFactory) -> LabOf:
    """`lab_of("4.15")` or `lab_of("current")`: the run's lab with OpenShift's CRDs of that time.

    `lab_of("4.15", "lab-vsphere")`: that of another stack's cluster, until the unit ends or asks
    for one of a third.
    """

    def get(release: str, stack: str = EVERYBODYS[1]) -> Lab:
        key = (release, stack)
        if key not in labs:
            for other in [each for each in labs if each != EVERYBODYS and each[1] != stack]:
                labs.pop(other).stop()
            labs[key] = SharedLab(stack, tmp_path_factory.mktemp(f"{stack}-{release}"))
            labs[key].start(say, release)
        return labs[key]

    return get


@pytest.fixture(scope="module")
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
