"""API servers that outlive their labs: etcd is told what it held when its API server was new, and
the next lab begins with that.

To start one takes three seconds of CPU, and the tests start labs by the dozen. The controllers, the
stand-ins and the state are each lab's own; so is the API server where a test is about the lab
itself (`lab.lab.Lab`).
"""

import base64
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import httpx2 as httpx

from lab.cluster import ControlPlane
from lab.lab import Lab
from lab.process import Process, stop_under

FIRST, END = "/registry/", "/registry0"
"""All that an API server keeps."""
ITS_OWN = re.compile(
    r"/registry/(masterleases/|leases/kube-system/|apiregistration\.k8s\.io/"
    r"|(services/(specs|endpoints)|endpointslices)/default/kubernetes$)"
)
"""What it writes of itself."""
DEFINITIONS = re.compile(r"/registry/(apiextensions|admissionregistration)\.k8s\.io/")
"""What it learns from, in its own time."""
AT_ONCE = 100
"""Operations of a transaction; etcd takes 128."""


class Etcd:
    """By its JSON gateway."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/v3/kv/", trust_env=False, timeout=30)

    def found(self, keys_only: bool = False) -> dict[str, dict[str, Any]]:
        """By key: `value`, as base64, and `mod_revision`, which wrote it last."""
        found = self._ask("range", key=_b64(FIRST), range_end=_b64(END), keys_only=keys_only)
        return {base64.b64decode(each["key"]).decode(): each for each in found["kvs"]}

    def write(self, changes: dict[str, str | None]) -> None:
        """Values to put, or None to delete."""
        operations = [_operation(*each) for each in changes.items()]
        for start in range(0, len(operations), AT_ONCE):
            self._ask("txn", success=operations[start : start + AT_ONCE])

    def _ask(self, what: str, **body: Any) -> dict[str, Any]:
        answer = self._http.post(what, json=body)
        answer.raise_for_status()
        return answer.json()


def _operation(key: str, value: str | None) -> dict[str, Any]:
    if value is None:
        return {"request_delete_range": {"key": _b64(key)}}
    return {"request_put": {"key": _b64(key), "value": value}}


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


class OnOneProcessor(ControlPlane):
    """With two it looks for more to do, and takes a fifth longer; others have use for the other."""

    environment: ClassVar = {**ControlPlane.environment, "GOMAXPROCS": "1"}


class Plane:
    """One that answers, of one seed."""

    def __init__(self, folder: Path, binary: Path, seed: Path) -> None:
        self.seed = seed
        self.plane = OnOneProcessor(folder, binary)
        self.plane.start(seed)
        self._etcd = Etcd(self.plane.etcd)
        began = self._etcd.found()
        self._values = {key: each["value"] for key, each in began.items()}
        self._versions = {key: each["mod_revision"] for key, each in began.items()}

    def running(self) -> bool:
        return all(each.running() for each in self.plane.processes)

    def rewind(self) -> bool:
        """Write what was there at the beginning, and nothing else; False if it can't be as new."""
        changes = self.changes()
        if any(DEFINITIONS.match(key) for key in changes):
            return False
        self._etcd.write(changes)
        now = self._etcd.found(keys_only=True)
        self._versions |= {key: now[key]["mod_revision"] for key in changes.keys() & now.keys()}
        return True

    def changes(self) -> dict[str, str | None]:
        now = self._etcd.found(keys_only=True)
        same = {key for key in now if self._versions.get(key) == now[key]["mod_revision"]}
        return {
            key: self._values.get(key)
            for key in sorted((self._values.keys() | now.keys()) - same)
            if not ITS_OWN.match(key)
        }

    def stop(self) -> None:
        stop_under(self.plane.directory, patience=2)
        shutil.rmtree(self.plane.directory)


class Planes:
    """Of a run: one at most that no lab has."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.free: Plane | None = None
        self.made = 0

    def take(self, binary: Path, seed: Path) -> Plane:
        kept = self.free
        if kept is not None and kept.seed == seed:
            self.free = None
            if kept.running() and kept.rewind():
                return kept
            kept.stop()
        assert self.folder is not None, "labs are for tests/lab"
        self.made += 1
        return Plane(self.folder / str(self.made), binary, seed)

    def give(self, plane: Plane) -> None:
        self.close()
        self.free = plane

    def close(self) -> None:
        if self.free is not None:
            self.free.stop()
            self.free = None


planes = Planes()
"""Those of this process."""


class SharedLab(Lab):
    """A lab whose API server another one had before."""

    had: Plane | None = None

    def _plane(self, binary: Path, seed: Path, started: Callable[[Process], None]) -> ControlPlane:
        self.had = planes.take(binary, seed)
        for each in self.had.plane.processes:
            started(each)
        plane = OnOneProcessor(self.directory / "cluster", binary, started)
        plane.directory.mkdir()
        shutil.copy2(self.had.plane.kubeconfig, plane.kubeconfig)
        return plane

    def _clear(self) -> None:
        super()._clear()
        if self.had is not None:
            planes.give(self.had)
            self.had = None
