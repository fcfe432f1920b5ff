"""A run on Azure killed at any moment: the next one carries on with what was made."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from lab.lab import say
from tests.lab.azure_cloud import account_id, container, live_key, reset_azure, service
from tests.lab.conftest import LabOf
from tests.lab.killed import kill_at_points, unjudged
from tests.lab.project import Project, storage

pytestmark = pytest.mark.lab

POINTS = 6
ACCOUNT, CONTAINER = "labazurex7k2pregistry", "image-registry"


@pytest.fixture
def project(lab_of: LabOf, tmp_path: Path) -> Iterator[Project]:
    lab = lab_of("4.15", "lab-azure")
    reset_azure(lab, ACCOUNT)
    yield unjudged(tmp_path / "project", lab)
    reset_azure(lab, ACCOUNT)


def test_kill_at_a_few_points_of_up_then_converge(project: Project) -> None:
    store, reset = service(project.lab).store, partial(reset_azure, project.lab, ACCOUNT)
    made = partial(store.get, account_id(ACCOUNT))
    kill_at_points(project, POINTS, reset, converges, made, "account", seconds=120)


def converges(project: Project, when: str) -> None:
    """The next run ends well with one of each, and nothing is left to do."""
    project.engine.make_stack(say)
    project.apply(when)
    project.unchanged(when)
    blobs = container(project.lab, ACCOUNT, CONTAINER, live_key(project.lab))
    blobs.upload_blob("a", b"a", overwrite=True)
    assert storage(project.lab)["azure"]["container"] == CONTAINER, when
