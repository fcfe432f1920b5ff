"""A run on Azure killed at any moment: the next one carries on with what was made."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.lab import say
from tests.lab.azure_cloud import account_id, container, live_key, reset_azure, service
from tests.lab.conftest import LabOf
from tests.lab.project import Project, storage
from tests.lab.test_interrupted import interrupted, start

pytestmark = pytest.mark.lab

POINTS = 6
ACCOUNT, CONTAINER = "labazurex7k2pregistry", "image-registry"


@pytest.fixture
def project(lab_of: LabOf, tmp_path: Path) -> Iterator[Project]:
    lab = lab_of("4.15", "lab-azure")
    reset_azure(lab, ACCOUNT)
    project = Project(tmp_path / "project", lab)
    for name in [each for each in project.engine.environment if "POLICY_PACK" in each]:
        del project.engine.environment[name]  # it judges what is made, and would double the time
    yield project
    reset_azure(lab, ACCOUNT)


def test_kill_at_a_few_points_of_up_then_converge(project: Project) -> None:
    whole, killed = timed(project), 0
    for point in range(POINTS):
        reset_azure(project.lab, ACCOUNT)
        project.engine.prepare(say)
        process = start(project)
        until_it_makes(project)
        time.sleep(whole * point / POINTS)
        with interrupted(process) as in_the_middle:
            killed += in_the_middle
            converges(project, f"killed at point {point}:")
    # A run that had ended already was not interrupted; a few at the end may be of that kind.
    assert killed >= POINTS // 2, killed


def timed(project: Project) -> float:
    """Seconds from the first thing made until the run ends."""
    process = start(project)
    until_it_makes(project)
    began = time.monotonic()
    assert process.wait(120) == 0
    return time.monotonic() - began


def until_it_makes(project: Project) -> None:
    store, deadline = service(project.lab).store, time.monotonic() + 120
    while store.get(account_id(ACCOUNT)) is None:
        assert time.monotonic() < deadline, "nothing was made"
        time.sleep(0.01)


def converges(project: Project, when: str) -> None:
    """The next run ends well with one of each, and nothing is left to do."""
    project.engine.prepare(say)
    project.up("--skip-preview").ok(when)
    project.preview("--expect-no-changes").ok(when)
    blobs = container(project.lab, ACCOUNT, CONTAINER, live_key(project.lab))
    blobs.upload_blob("a", b"a", overwrite=True)
    assert storage(project.lab)["azure"]["container"] == CONTAINER, when
