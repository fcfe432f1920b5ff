"""A run on OpenStack killed at any moment: the next one carries on with what was made, and names
the credential whose answer was lost."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from lab.lab import say
from tests.lab.conftest import LabOf
from tests.lab.killed import Rotation, kill_at_points, unjudged
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

pytestmark = pytest.mark.lab

POINTS = 6
CONTAINER = "lab-swift-x7k2p-image-registry"
DELETE = "openstack application credential delete"


@pytest.fixture
def project(lab_of: LabOf, tmp_path: Path) -> Iterator[Project]:
    lab = lab_of("4.15", "lab-swift")
    reset_openstack(lab)
    yield unjudged(tmp_path / "project", lab)
    reset_openstack(lab)


def test_kill_at_some_points_of_up_then_converge(project: Project) -> None:
    """The container is what comes first."""
    swift, reset = engineer(project.lab), partial(reset_openstack, project.lab)

    def made() -> bool:
        return status(swift.head_container, CONTAINER) == 0

    kill_at_points(project, POINTS, reset, converges, made, "container", seconds=60)


def test_kill_a_rotation_and_the_registry_keeps_a_credential_that_works(project: Project) -> None:
    project.apply()
    rotation = Rotation(project, partial(credentials, project.lab))
    kill_at_points(project, 2, rotation.ask, keeps_a_credential, rotation.made, "credential")


def keeps_a_credential(project: Project, when: str) -> None:
    assert status(registry(project.lab).head_container, CONTAINER) == 0, when
    converges(project, when)


def converges(project: Project, when: str) -> None:
    """The next run ends well with one container and a credential that opens it, and those are named
    that an earlier one left."""
    lab = project.lab
    project.engine.make_stack(say)
    ran = project.apply(when)
    again = project.unchanged(when)
    assert [each["name"] for each in engineer(lab).get_account()[1]] == [CONTAINER], when
    assert status(registry(lab).put_object, CONTAINER, "a", b"a") == 0, when
    used = live_keys(lab)[f"{APPLICATION}ID"]
    present = credentials(lab).keys()
    assert used in present, when
    told = set(re.findall(rf"{DELETE} (\S+)", ran.output + again.output))
    assert told >= present - {used}, f"{when} {ran.output}"
