"""A small image of random content, which no registry has yet: nothing of its push is skipped."""

import gzip
import hashlib
import io
import json
import os
import tarfile
from dataclasses import dataclass

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG = "application/vnd.docker.container.image.v1+json"
_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


@dataclass(frozen=True)
class Blob:
    """A part of an image."""

    kind: str
    content: bytes

    @property
    def digest(self) -> str:
        return digest(self.content)

    @property
    def descriptor(self) -> dict[str, str | int]:
        return {"mediaType": self.kind, "size": len(self.content), "digest": self.digest}


@dataclass(frozen=True)
class Image:
    """Its layers, the first one `size` bytes or more, its configuration and its manifest."""

    layers: tuple[Blob, ...]
    config: Blob
    manifest: bytes


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def make(size: int) -> Image:
    archives = [_archive("large", size), _archive("small", 1024)]
    layers = tuple(Blob(_LAYER, gzip.compress(each, compresslevel=0)) for each in archives)
    config = {
        "architecture": "amd64",
        "os": "linux",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [digest(each) for each in archives]},
        "history": [{"created_by": "ocpreg smoke"} for _ in archives],
    }
    blob = Blob(_CONFIG, json.dumps(config).encode())
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": blob.descriptor,
        "layers": [each.descriptor for each in layers],
    }
    return Image(layers, blob, json.dumps(manifest).encode())


def _archive(name: str, size: int) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = size
        archive.addfile(entry, io.BytesIO(os.urandom(size)))
    return made.getvalue()
