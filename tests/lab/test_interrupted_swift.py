"""A run on OpenStack killed at any moment: the next one carries on with what was made, and names
the credential whose answer was lost."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.lab import say
from tests.lab.conftest import LabOf
from tests.lab.openstack import (
    APPLICATION,
    credentials,
    engineer,
    live_keys,
    registry,
    reset_openstack,
    status,
)
from tests.lab.project import Project
from tests.lab.test_interrupted import interrupted, start

pytestmark = pytest.mark.lab

POINTS = 6
CONTAINER = "lab-swift-x7k2p-image-registry"
DELETE = "openstack application credential delete"


@pytest.fixture
def project(lab_of: LabOf, tmp_path: Path) -> Iterator[Project]:
    lab = lab_of("4.15", "lab-swift")
    reset_openstack(lab)
    project = Project(tmp_path / "project", lab)
    for name in [each for each in project.engine.environment if "POLICY_PACK" in each]:
        del project.engine.environment[name]  # it judges what is made, and would double the time
    yield project
    reset_openstack(lab)


def test_kill_at_some_points_of_up_then_converge(project: Project) -> None:
    rest, killed = timed(project), 0
    for point in range(POINTS):
        reset_openstack(project.lab)
        project.engine.prepare(say)
        process = start(project)
        until_it_makes(project)
        time.sleep(rest * point / POINTS)
        with interrupted(process) as in_the_middle:
            killed += in_the_middle
            converges(project, f"killed at point {point}:")
    assert killed >= POINTS // 2, killed


def test_kill_a_rotation_and_the_registry_keeps_a_credential_that_works(project: Project) -> None:
    project.up("--skip-preview").ok()
    for point in range(2):
        sections, before = project.original(), credentials(project.lab).keys()
        sections["storage"]["credentials"]["create"] = {"rotation": f"interrupted-{point}"}
        project.write(sections)
        process = start(project)
        deadline = time.monotonic() + 60
        while credentials(project.lab).keys() <= before:
            assert time.monotonic() < deadline, "no credential was made"
            time.sleep(0.01)
        time.sleep(0.2 * point)
        with interrupted(process):
            assert status(registry(project.lab).head_container, CONTAINER) == 0, point
            converges(project, f"rotation {point}:")


def timed(project: Project) -> float:
    """Seconds from when something is made until a run ends."""
    process = start(project)
    until_it_makes(project)
    began = time.monotonic()
    assert process.wait(60) == 0
    return time.monotonic() - began


def until_it_makes(project: Project) -> None:
    """The container is what comes first."""
    swift, deadline = engineer(project.lab), time.monotonic() + 60
    while status(swift.head_container, CONTAINER) != 0:
        assert time.monotonic() < deadline, "nothing was made"
        time.sleep(0.01)


def converges(project: Project, when: str) -> None:
    """The next run ends well with one container and a credential that opens it, and those are named
    that an earlier one left."""
    lab = project.lab
    project.engine.prepare(say)
    ran = project.up("--skip-preview").ok(when)
    again = project.preview("--expect-no-changes").ok(when)
    assert [each["name"] for each in engineer(lab).get_account()[1]] == [CONTAINER], when
    assert status(registry(lab).put_object, CONTAINER, "a", b"a") == 0, when
    used = live_keys(lab)[f"{APPLICATION}ID"]
    present = credentials(lab).keys()
    assert used in present, when
    told = set(re.findall(rf"{DELETE} (\S+)", ran.output + again.output))
    assert told >= present - {used}, f"{when} {ran.output}"
