"""The toolchain's cache: keyed by content, whole or absent, and the user's own engine first."""

import re
import subprocess
from pathlib import Path

import pytest

from lab import build
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
        assert match.group(1) == build.KUBERNETES_PLUGIN_VERSION


def test_an_unknown_release_of_the_crds_names_the_known_ones() -> None:
    with pytest.raises(build.BuildError, match=r"there are: 4\.15, current"):
        build.crds("3.11")


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
