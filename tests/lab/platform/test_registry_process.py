"""The registry that the platform runs: when it is started, stopped and not ready."""

import logging
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab import build
from lab.address import Address
from lab.clouds.lab import Clouds
from lab.lab import say
from lab.platform.kubelet import Surroundings
from lab.platform.registry import PERIOD, RETRY, Registry

pytestmark = pytest.mark.lab

NODES = [{"metadata": {"name": "w", "labels": {}}, "spec": {}}]
ROOT = "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY"


def around(*claims: str, **parts: Any) -> Surroundings:
    return Surroundings(
        nodes=NODES,
        claims={
            each: {
                "spec": {"accessModes": ["ReadWriteOnce"], "volumeName": f"v-{each}"},
                "status": {"phase": "Bound"},
            }
            for each in claims
        },
        volumes={
            f"v-{each}": {"spec": {"csi": {"driver": "d", "volumeHandle": each}}} for each in claims
        },
        **parts,
    )


def deployment(source: dict[str, Any], replicas: int = 1, **env: str) -> dict[str, Any]:
    variables = {
        "REGISTRY_STORAGE": "filesystem",
        ROOT: "/registry",
        "REGISTRY_HTTP_NET": "tcp",
        "REGISTRY_HTTP_ADDR": ":5000",
        **env,
    }
    if variables["REGISTRY_STORAGE"] != "filesystem":
        del variables[ROOT]
    container = {
        "env": [{"name": name, "value": value} for name, value in variables.items()],
        "volumeMounts": [{"name": "registry-storage", "mountPath": "/registry"}],
    }
    pod = {"containers": [container], "volumes": [{"name": "registry-storage", **source}]}
    return {
        "metadata": {"uid": "u"},
        "spec": {"replicas": replicas, "template": {"spec": pod}},
    }


def claim(name: str) -> dict[str, Any]:
    return {"persistentVolumeClaim": {"claimName": name}}


class Kept:
    """A registry of this test's own and what it said."""

    def __init__(self, folder: Path, binary: Path) -> None:
        self.folder = folder
        self.log = logging.getLogger(f"test.{folder.name}")
        self.registry = Registry(binary, folder, Clouds(folder / "clouds"), self.log)

    @property
    def process(self) -> Any:
        return self.registry._process

    @property
    def files(self) -> Path:
        """Where its images are."""
        (found,) = [
            value
            for entry in Path(f"/proc/{self.process.pid}/environ").read_bytes().split(b"\0")
            for name, _, value in [entry.decode().partition("=")]
            if name == ROOT
        ]
        return Path(found)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    own = Kept(tmp_path, build.toolchain(say).registry)
    yield own
    own.registry.stop()


def test_it_is_ready_and_stays(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/inherited")
    wanted, world = deployment(claim("a")), around("a")
    assert kept.registry.keep(wanted, world) == ""
    assert kept.registry.due == PERIOD
    first = kept.process
    assert kept.registry.keep(wanted, world) == ""
    assert kept.process == first and first.running()
    given = Path(f"/proc/{first.pid}/environ").read_text()
    assert "inherited" not in given
    assert f"REGISTRY_HTTP_ADDR={Address(kept.folder).text}" in given


def test_a_claim_keeps_its_images_and_another_has_none(kept: Kept) -> None:
    world = around("a", "b")
    kept.registry.keep(deployment(claim("a")), world)
    first, of_a = kept.process, kept.files
    (of_a / "image").touch()
    kept.registry.keep(deployment(claim("b")), world)
    assert not first.running()
    assert not list(kept.files.iterdir())
    kept.registry.keep(None, world)
    assert kept.process is None
    kept.registry.keep(deployment(claim("a")), world)
    assert kept.files == of_a and (of_a / "image").exists()


def test_an_empty_dir_lives_as_long_as_the_pod(kept: Kept) -> None:
    wanted = deployment({"emptyDir": {}})
    kept.registry.keep(wanted, around())
    (kept.files / "image").touch()
    kept.process.stop()  # the container, not the pod
    assert kept.registry.keep(wanted, around()) == ""
    assert (kept.files / "image").exists()
    kept.registry.keep(deployment({"emptyDir": {}}, REGISTRY_LOG_LEVEL="debug"), around())
    assert not list(kept.files.iterdir())


@pytest.mark.parametrize("how", ["no replicas", "no claim", "no deployment"])
def test_no_pod_no_registry(kept: Kept, how: str) -> None:
    wanted, world = deployment(claim("a")), around("a")
    kept.registry.keep(wanted, world)
    process = kept.process
    if how == "no replicas":
        wanted = deployment(claim("a"), replicas=0)
    said = kept.registry.keep(
        None if how == "no deployment" else wanted, around() if how == "no claim" else world
    )
    assert (said, kept.registry.due) == ("", None)
    assert not process.running()


def test_storage_that_fails_is_not_ready_until_it_is_mended(kept: Kept) -> None:
    wanted, world = deployment(claim("a")), around("a")
    kept.registry.keep(wanted, world)
    files = kept.files
    files.rmdir()
    files.symlink_to(files)  # not even root can look into it
    said = kept.registry.keep(wanted, world)
    assert "readiness probe failed: 503 storage: " in said
    assert "too many levels of symbolic links" in said
    assert kept.registry.due == RETRY
    files.unlink()
    files.mkdir()
    assert kept.registry.keep(wanted, world) == ""


def test_a_registry_that_does_not_start_says_why_and_is_not_tried_at_once(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, world = deployment(claim("a"), REGISTRY_LOG_LEVEL="shout"), around("a")
    said = kept.registry.keep(wanted, world)
    assert "the registry did not start; the end of " in said
    assert said.endswith("invalid loglevel shout Must be one of [error, warn, info, debug]")
    tried = (kept.folder / "registry.log").read_text()
    assert kept.registry.keep(wanted, world) == said
    assert (kept.folder / "registry.log").read_text() == tried
    assert kept.registry.keep(deployment(claim("a")), world) == ""


def test_a_registry_that_panics_is_quoted_in_one_line(kept: Kept) -> None:
    env = {"REGISTRY_STORAGE_S3_BUCKET": "b"}
    said = kept.registry.keep(deployment(claim("a"), **env), around("a"))
    assert "panic: multiple storage drivers specified" in said
    assert "\n" not in said


def test_a_taken_port_is_changed(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    address = Address(kept.folder)
    with socket.socket() as other:
        other.bind(("127.0.0.1", address.choose()))
        other.listen()
        taken = address.port
        wanted, world = deployment(claim("a")), around("a")
        assert "address already in use" in kept.registry.keep(wanted, world)
        monkeypatch.setattr("lab.platform.registry.RETRY", 0)
        assert kept.registry.keep(wanted, world) == ""
    assert address.port != taken


def test_a_binary_that_is_gone_is_told(tmp_path: Path) -> None:
    own = Registry(tmp_path / "none", tmp_path, Clouds(tmp_path), logging.getLogger("test"))
    said = own.keep(deployment(claim("a")), around("a"))
    assert f"there is no registry to run: {tmp_path / 'none'} is gone; `make lab-stop`" in said


def test_what_no_registry_is_run_for_is_told(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    env = {"REGISTRY_STORAGE_GCS_BUCKET": "b", "REGISTRY_STORAGE": "gcs"}
    wanted = deployment({"emptyDir": {}}, **env)
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            assert kept.registry.keep(wanted, around()) == ""
    assert [each.message for each in caplog.records] == [
        "registry: the lab runs no registry on https://www.googleapis.com, which is beyond this "
        "machine: its pods count as running without one"
    ]
    assert kept.process is None


def test_s3_that_does_not_answer_is_not_ready(kept: Kept) -> None:
    env = {
        "REGISTRY_STORAGE": "s3",
        "REGISTRY_STORAGE_S3_BUCKET": "images",
        "REGISTRY_STORAGE_S3_REGION": "eu-west-1",
        "REGISTRY_STORAGE_S3_REGIONENDPOINT": "http://127.0.0.1:1",
        "REGISTRY_STORAGE_S3_ACCESSKEY": "a",
        "REGISTRY_STORAGE_S3_SECRETKEY": "secret-canary",
    }
    began = time.monotonic()
    said = kept.registry.keep(deployment({"emptyDir": {}}, **env), around())
    assert "readiness probe failed: 503 storage: s3aws: RequestError" in said
    assert "secret-canary" not in said and "\n" not in said
    assert time.monotonic() - began < 20
