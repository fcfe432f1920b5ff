"""A new access key on lab-aws: the old one is there until all of the registry runs with the new."""

import re
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from lab.lab import Lab, say
from lab.paths import ROOT
from lab.verify import healthy, settle
from tests.lab.aws import access_keys, enforced, live_keys, reset_aws
from tests.lab.conftest import LabOf
from tests.lab.killed import rotate, start, unjudged
from tests.lab.project import Project
from tests.lab.test_permissions import BUCKET, limited, named
from tests.lab.test_registry import smoke, until

pytestmark = pytest.mark.lab

USER = "lab-aws-x7k2p-image-registry"
SLEEPERS = ("operator", "platform")
"""Who copies the key and changes the Deployment; who rolls it out."""


@pytest.fixture
def project(lab_of: LabOf, tmp_path: Path) -> Iterator[Project]:
    """Applied, and its registry runs."""
    lab = lab_of("4.15", "lab-aws")
    reset_aws(lab)
    project = unjudged(tmp_path / "project", lab)
    said = project.apply().output
    assert "access key" not in said  # a first one is not waited for
    assert healthy(settle(lab, say))
    yield project
    reset_aws(lab)


@contextmanager
def asleep(lab: Lab, name: str) -> Iterator[None]:
    """Within it this process of the lab does nothing."""
    record = lab._read()
    assert record is not None
    (found,) = [psutil.Process(each.pid) for each in record.processes if each.name == name]
    found.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        found.send_signal(signal.SIGCONT)


def works(lab: Lab, when: str) -> None:
    """The registry that runs now, with whatever key it has."""
    with enforced(lab):
        code, said = smoke(lab)
    assert code == 0, f"{when} {said}"


@pytest.mark.parametrize("sleeper", SLEEPERS)
def test_the_run_lasts_until_the_registry_has_the_new_key(project: Project, sleeper: str) -> None:
    lab, old = project.lab, live_keys(project.lab)[0]
    rotate(project, "2026-12")
    with asleep(lab, sleeper):
        process = start(project)
        until(lambda: live_keys(lab)[0] != old, "the new key is in the secret")
        time.sleep(4)
        assert process.poll() is None, "the run has ended"
        assert old in access_keys(lab, USER)
        works(lab, "while it waits:")
    assert process.wait(60) == 0
    works(lab, "right after it:")
    assert access_keys(lab, USER) == [live_keys(lab)[0]] != [old]
    project.unchanged()


@pytest.mark.parametrize("sleeper", SLEEPERS)
def test_a_run_that_gives_up_leaves_the_old_key_to_the_next(project: Project, sleeper: str) -> None:
    """Also to one after that, while the registry still has not taken the new one."""
    lab, old = project.lab, live_keys(project.lab)[0]
    rotate(project, "2026-12")
    with impatient(project), asleep(lab, sleeper):
        for attempt in ("once:", "again:"):
            ran = project.up("--skip-preview").refused(
                "after 3 seconds the registry does not run with the new access key",
                "The old key was left in place",
            )
            new = live_keys(lab)[0]
            assert sorted(access_keys(lab, USER)) == sorted([old, new]), f"{attempt} {ran}"
            works(lab, attempt)
    ran = project.apply()
    assert re.search(r"AccessKey \S+ deleted", ran.output), ran
    assert access_keys(lab, USER) == [new]
    works(lab, "in the end:")


@contextmanager
def impatient(project: Project) -> Iterator[None]:
    """Within it its program waits for seconds where the checkout's waits for minutes."""
    own = project.directory / "components"
    own.unlink()
    shutil.copytree(ROOT / "components", own, ignore=shutil.ignore_patterns("__pycache__"))
    text = (own / "new_key.py").read_text()
    assert text.count("PATIENCE = 180.0") == 1
    (own / "new_key.py").write_text(text.replace("PATIENCE = 180.0", "PATIENCE = 3.0"))
    try:
        yield
    finally:
        shutil.rmtree(own)
        own.symlink_to(ROOT / "components")


def test_the_documented_rules_suffice_to_look(project: Project, tmp_path: Path) -> None:
    lab, roles = project.lab, [*named("openshift-registry"), *named(BUCKET)]
    environment = {"KUBECONFIG": limited(lab, tmp_path, roles)}
    warning = "the old access key goes without waiting until the registry runs with the new one"
    rotate(project, "without")
    arguments = ("up", "--yes", "--skip-preview", "--stack", project.stack)
    ran = project.pulumi(*arguments, environment=environment).ok()
    assert warning in ran.output and "image-registry-private-configuration: Forbidden" in ran.output
    assert len(access_keys(lab, USER)) == 1
    roles += named("openshift-registry-rotation")
    environment = {"KUBECONFIG": limited(lab, tmp_path, roles)}
    rotate(project, "with")
    ran = project.pulumi(*arguments, environment=environment).ok()
    assert "orbidden" not in ran.output and warning not in ran.output, ran
    works(lab, "right after it:")
