"""`ocpreg smoke` on the registry that the lab runs, on a folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fleet.command import app
from fleet.registry import Registry
from lab import build
from lab.lab import say
from lab.process import free_port, start, wait_until

pytestmark = pytest.mark.lab


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Its URL and its files."""
    port, log = free_port(), tmp_path / "registry.log"
    environment = {
        "REGISTRY_STORAGE": "filesystem",
        "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY": str(tmp_path / "files"),
        "REGISTRY_STORAGE_DELETE_ENABLED": "true",
        "REGISTRY_HTTP_NET": "tcp",
        "REGISTRY_HTTP_ADDR": f"127.0.0.1:{port}",
    }
    process = start("registry", [build.toolchain(say).registry], log, environment)
    answers = CliRunner()
    wait_until(
        lambda: "can't be reached" not in answers.invoke(app, asked(port)).output,
        "the registry answers",
        process,
        log,
        seconds=10,
    )
    yield f"http://127.0.0.1:{port}", tmp_path / "files"
    process.stop()


def asked(port: int) -> list[str]:
    return ["smoke", f"http://127.0.0.1:{port}", "--size", "1"]


def files(folder: Path, name: str) -> list[Path]:
    return [each for each in folder.rglob(name) if each.is_file()]


def test_what_it_leaves_behind(registry: tuple[str, Path]) -> None:
    url, folder = registry
    shutil.rmtree(folder)
    done = CliRunner().invoke(app, ["smoke", url])
    assert done.exit_code == 0, done.output
    assert "2 layers, 12.0 MiB" in done.output
    uploads = files(folder, "startedat")
    assert [each.parent.name in done.output for each in uploads] == [True]
    assert not list(folder.rglob("_manifests/tags/smoke-*"))
    assert CliRunner().invoke(app, ["smoke", url, "--keep"]).exit_code == 0
    assert len(list(folder.rglob("_manifests/tags/smoke-*"))) == 1


def test_storage_that_loses_a_chunk_shows_at_the_next(
    registry: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, folder = registry
    patch = Registry._patch

    def lost(self: Registry, *arguments: Any) -> str:
        location = patch(self, *arguments)
        for each in files(folder, "data"):
            if "_uploads" in each.parts:
                each.unlink()
        return location

    monkeypatch.setattr(Registry, "_patch", lost)
    done = CliRunner().invoke(app, ["smoke", url])
    assert done.exit_code == 1
    assert "error: the storage fails: chunk 2 of 2 was answered 4" in done.output, done.output
