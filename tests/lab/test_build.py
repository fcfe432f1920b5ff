"""The toolchain's cache: keyed by content, whole or absent, and the user's own engine first."""

import re
import subprocess
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from lab import build, parts
from lab.paths import ROOT


@pytest.fixture
def no_modules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A toolchain folder of one small component, and a cache of this test's own."""
    folder = tmp_path / "modules" / "small"
    folder.mkdir(parents=True)
    (folder / "go.mod").write_text("module example.test/small\n\ngo 1.21\n")
    (folder / "main.go").write_text('package main\n\nfunc main() { println("one") }\n')
    monkeypatch.setattr(build, "MODULES", tmp_path / "modules")
    monkeypatch.setattr(build, "cache", lambda: tmp_path / "cache")
    return folder


SMALL = build.Component("small", {"small": "."})


def quiet(text: str) -> None:
    pass


def test_a_component_is_built_once(no_modules: Path) -> None:
    said: list[str] = []
    first = build._build(SMALL, said.append)
    assert (first / "small").is_file()
    assert said
    said.clear()
    assert build._build(SMALL, said.append) == first
    assert not said


def test_changed_module_files_are_built_beside_the_old_ones(no_modules: Path) -> None:
    first = build._build(SMALL, quiet)
    (no_modules / "main.go").write_text('package main\n\nfunc main() { println("two") }\n')
    assert build._build(SMALL, quiet) != first
    assert (first / "small").is_file()


def test_a_failed_build_leaves_nothing_and_says_what_to_do(no_modules: Path) -> None:
    (no_modules / "main.go").write_text("package main\n\nfunc main() { nonsense }\n")
    with pytest.raises(build.BuildError, match=r"nonsense[\s\S]*Run the same command again"):
        build._build(SMALL, quiet)
    place = build.cache() / "toolchain"
    assert [each.name for each in place.iterdir() if not each.name.endswith(".lock")] == []


def test_a_build_that_was_interrupted_is_done_again(no_modules: Path) -> None:
    place = build.cache() / "toolchain" / f"small-{build._key(SMALL)}"
    place.mkdir(parents=True)  # a folder without its binary
    assert (build._build(SMALL, quiet) / "small").is_file()


@pytest.mark.parametrize(
    ("said", "taken"),
    [("v3.300.0", True), ("v3.255.0", True), ("v3.254.9", False), ("v2.99.0", False), ("?", False)],
)
def test_an_engine_on_path_is_used_when_it_is_new_enough(
    tmp_path: Path, said: str, taken: bool
) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(f"#!/bin/sh\necho '{said}'\n")
    pulumi.chmod(0o755)
    assert (build.engine_on_path(str(tmp_path)) == pulumi) is taken


def test_no_engine_on_path(tmp_path: Path) -> None:
    assert build.engine_on_path(str(tmp_path)) is None


def test_the_plugin_is_of_the_locked_sdks_release() -> None:
    """Then the engine takes the built plugin for the wanted one."""
    for lock in ("base", "dev"):
        text = (ROOT / "requirements" / f"{lock}.txt").read_text()
        match = re.search(r"^pulumi-kubernetes==(\S+)", text, re.MULTILINE)
        assert match is not None
        assert match.group(1) == parts.KUBERNETES_PLUGIN_VERSION


def test_an_unknown_release_of_the_crds_names_the_known_ones() -> None:
    with pytest.raises(build.BuildError, match=r"there are: 4\.15, current"):
        build.crds("3.11")


def test_build_tags_make_another_build(no_modules: Path) -> None:
    (no_modules / "other.go").write_text(
        "//go:build other\n\npackage main\n\nfunc init() { println(2) }\n"
    )
    tagged = replace(SMALL, tags="other")
    assert build._build(tagged, quiet) != build._build(SMALL, quiet)
    said = [
        subprocess.run([build._build(each, quiet) / "small"], capture_output=True, text=True).stderr
        for each in (SMALL, tagged)
    ]
    assert said == ["one\n", "2\none\n"]


def test_what_is_built_without_an_engine_and_with_one() -> None:
    lab = ["cluster", "registry"]
    assert [each.name for each in parts.components(False)] == lab
    assert [each.name for each in parts.components(True)] == [*lab, "pulumi", "kubernetes-plugin"]


def test_openstacks_plugin_is_as_new_as_its_sdk() -> None:
    """The engine warns of one that is older, in each run."""
    assert version("pulumi-openstack") == parts.OPENSTACK_PLUGIN_VERSION


def test_what_only_a_lab_of_azure_needs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    built: list[str] = []

    def place(component: build.Component, say: object) -> Path:
        built.append(component.name)
        return tmp_path / component.name

    monkeypatch.setattr(build, "_build", place)
    assert build.toolchain(quiet).registry_3 is None and "registry-3" not in built
    found = build.toolchain(quiet, ["registry-3"]).registry_3
    assert found == tmp_path / "registry-3" / "openshift-lab-registry-3"
    assert [*parts.on_demand()] == ["registry-3", "openstack-plugin", "actionlint"]


@pytest.mark.lab
@pytest.mark.parametrize("driver", ["filesystem", "s3", "swift", "gcs", "azure", "floppy"])
def test_the_registry_has_the_drivers_of_openshifts(driver: str, tmp_path: Path) -> None:
    """Each ends over what it was not told, but for the first, and for one that there isn't."""
    environment = {
        "PATH": "/usr/bin",
        "REGISTRY_STORAGE": driver,
        "REGISTRY_HTTP_NET": "tcp",
        "REGISTRY_HTTP_ADDR": "256.0.0.0:1",
    }
    binary = build.toolchain(quiet).registry
    done = subprocess.run([binary], env=environment, capture_output=True, text=True, timeout=30)
    assert done.returncode != 0
    assert ("StorageDriver not registered: floppy" in done.stderr) == (driver == "floppy")
    assert ("256.0.0.0" in done.stderr) == (driver == "filesystem"), done.stderr


@pytest.mark.lab
def test_a_module_that_was_never_fetched_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bare machine has an empty module cache; the one there is plays the proxy."""
    build.crds("4.15")
    known = subprocess.run(["go", "env", "GOMODCACHE"], capture_output=True, text=True, check=True)
    monkeypatch.setenv("GOPROXY", f"file://{known.stdout.strip()}/cache/download")
    monkeypatch.setenv("GOMODCACHE", str(tmp_path))
    monkeypatch.setenv("GOFLAGS", "-modcacherw")
    monkeypatch.setenv("GONOSUMDB", "*")
    folder = build.crds("4.15")
    assert tmp_path in folder.parents
    assert (folder / "imageregistry" / "v1").is_dir()
