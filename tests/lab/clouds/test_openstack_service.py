"""The lab's OpenStack: whose it is, what is in it before, and what is done when it can't be had."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.clouds.openstack import install
from lab.clouds.openstack.client import swift
from lab.clouds.openstack.names import ENGINEER
from lab.clouds.openstack.service import OpenStackService
from lab.clouds.outside import there, wanted
from lab.described import Described
from lab.gomodule import BuildError
from lab.paths import ROOT
from lab.process import stop_under


@pytest.mark.parametrize(
    ("stack", "titles"),
    [("lab-swift", ["OpenStack"]), ("lab-swift-user", ["OpenStack"]), ("lab-cinder", [])],
)
def test_only_a_stack_with_images_in_swift_has_one(
    stack: str, titles: list[str], tmp_path: Path
) -> None:
    """Though all of these clusters are on OpenStack."""
    facts = Described.of_stack(stack, ROOT / "stacks")
    assert facts.platform == "OpenStack"
    assert [each.title for each in wanted(tmp_path, facts)] == titles


@pytest.mark.slow
def test_a_packages_index_that_can_not_be_reached_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is left that would be taken for whole."""
    monkeypatch.setattr(install, "cache", lambda: tmp_path)
    missing = tmp_path / "requirements.txt"
    missing.write_text("no-such-package-here==1.0 --hash=sha256:00\n")
    monkeypatch.setattr(install, "REQUIREMENTS", missing)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(BuildError, match=r"installing packages failed(?s:.*)Run the same command"):
        install.install(lambda text: None)
    assert not (install.place() / install.FIXTURE).exists()


def test_another_lock_is_another_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before, other = install.place(), tmp_path / "requirements.txt"
    other.write_text("other\n")
    monkeypatch.setattr(install, "SOURCES", (other, *install.SOURCES[1:]))
    assert install.place() != before


@pytest.fixture
def started(tmp_path: Path) -> Iterator[OpenStackService]:
    service = OpenStackService(tmp_path / "openstack", {"container": {"use": {"name": "registry"}}})
    service.directory.mkdir()
    service.start()
    yield service
    stop_under(tmp_path, 2)


@pytest.mark.lab
def test_what_a_stack_file_refers_to_is_there(started: OpenStackService, tmp_path: Path) -> None:
    assert [each["name"] for each in swift(started).get_account()[1]] == ["registry"]
    assert swift(started).get_container("registry")[1]
    assert [each.title for each in there(tmp_path)] == ["OpenStack"]
    # The plugin is the real one, and says which.
    (folder,) = started.path
    plugin = folder / "pulumi-resource-openstack"
    said = subprocess.run([plugin, "-version"], capture_output=True, text=True, timeout=30)
    assert "5.5.3" in said.stdout + said.stderr


@pytest.mark.lab
def test_nobody_else_is_logged_in(started: OpenStackService) -> None:
    """What the user of the machine has for another cloud counts for nothing."""
    environment = started.environment()
    assert environment["OS_USERNAME"] == ENGINEER.user
    assert environment["OS_CLOUD"] == environment["OS_TOKEN"] == ""
