"""A run killed at any moment: the next one clears its lock and carries on."""

import time
from functools import partial

import pytest

from lab.errors import LabError
from lab.lab import say
from tests.lab.killed import kill_at_points, start
from tests.lab.project import Project, kubectl, reset, storage

pytestmark = pytest.mark.lab

POINTS = 20


def test_kill_at_twenty_points_of_up_then_converge(project: Project) -> None:
    project.apply()  # the first is slower
    kill_at_points(project, POINTS, partial(reset, project.lab), converges)


def converges(project: Project, when: str) -> None:
    project.engine.make_stack(say)
    project.apply(when)
    assert storage(project.lab) == {
        "managementState": "Unmanaged",
        "pvc": {"claim": "csi-pvc-imageregistry"},
    }
    project.unchanged(when)
    claims = kubectl(project.lab, "-n", "openshift-image-registry", "get", "pvc", "-o", "name")
    assert claims.split().count("persistentvolumeclaim/csi-pvc-imageregistry") == 1


def test_the_lock_of_a_living_run_is_respected(project: Project) -> None:
    process = start(project)
    try:
        deadline = time.monotonic() + 10
        while not project.engine._locks():
            assert time.monotonic() < deadline, "the run took no lock"
            time.sleep(0.01)
        with pytest.raises(LabError, match="is locked by process"):
            project.engine.make_stack(say)
    finally:
        process.wait(60)
