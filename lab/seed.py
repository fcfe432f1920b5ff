"""What all clusters of one release begin with: etcd's data once an API server has put its own
objects there, roles above all, and has taken OpenShift's definitions.

It is made once, like the toolchain, and each lab begins with a copy: that spares it a quarter of
its start.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from lab import cluster
from lab.cache_lock import alone
from lab.kinds import Object
from lab.openshift import crds
from lab.paths import cache
from lab.process import stop_under


def seed(
    binary: Path, files: Sequence[Path], more: Sequence[Object], say: Callable[[str], None]
) -> Path:
    """The folder to copy. `files` and `more` hold definitions; made if there is none of them yet,
    by the control plane `binary`."""
    place = cache() / "toolchain" / f"etcd-{_key(binary, files, more)}"
    if place.is_dir():
        return place
    with alone(place, say, "etcd"):
        if not place.is_dir():
            say("  etcd: filling it, once for this release")
            _make(place, binary, [*crds.read(files), *more])
    return place


def _make(place: Path, binary: Path, definitions: list[Object]) -> None:
    scratch = place.with_name(f".{place.name}")
    _clear(scratch)  # of one that was killed
    plane = cluster.ControlPlane(scratch, binary)
    try:
        plane.start()
        crds.apply(cluster.client(plane.kubeconfig), definitions)
        plane.stop()
        (scratch / "etcd").rename(place)
    finally:
        _clear(scratch)


def _clear(scratch: Path) -> None:
    stop_under(scratch, patience=2)
    shutil.rmtree(scratch, ignore_errors=True)


def _key(binary: Path, files: Sequence[Path], more: Sequence[Object]) -> str:
    # The folder's name is the binary's own key.
    digest = hashlib.sha256(f"{binary.parent.name}{json.dumps(more)}".encode())
    for path in (Path(cluster.__file__), Path(crds.__file__), *files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
