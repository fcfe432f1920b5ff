"""What the registry's pod mounts, as folders of the lab.

A volume is a folder for as long as the lab lives, and belongs to what the PersistentVolume
stands for: a claim keeps its images, a new volume is empty. All else belongs to the pod, an
emptyDir too, and goes with it.
"""

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from lab.kinds import Object
from lab.platform.kubelet import Surroundings

NOT_THE_SOURCE = {
    "accessModes",
    "capacity",
    "claimRef",
    "mountOptions",
    "nodeAffinity",
    "persistentVolumeReclaimPolicy",
    "storageClassName",
    "volumeMode",
}
"""Fields of a PersistentVolume that don't say where its files are."""


class Disk:
    """The folders under `directory`: `volumes` stay, those of `pods` go with their pod."""

    def __init__(self, directory: Path) -> None:
        self._volumes = directory / "volumes"
        self._pods = directory / "pods"

    def mount(self, name: str, pod: Object, around: Surroundings) -> dict[str, Path]:
        """Mount path -> folder, filled as the kubelet fills it, for the pod called `name`."""
        own = self._pods / name
        own.mkdir(parents=True, exist_ok=True, mode=0o700)
        folders = {}
        for volume in pod["volumes"]:
            claim = volume.get("persistentVolumeClaim")
            folder = own / volume["name"]
            if claim is not None:
                folder = self._volumes / volume_folder(claim["claimName"], around)
            folder.mkdir(parents=True, exist_ok=True)
            for path, content in _files(volume, around):
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(content)
            folders[volume["name"]] = folder
        mounts = pod["containers"][0]["volumeMounts"]
        return {each["mountPath"].rstrip("/"): folders[each["name"]] for each in mounts}

    def unmount(self, name: str) -> None:
        """The pod is gone, and what was only its own."""
        shutil.rmtree(self._pods / name, ignore_errors=True)


def volume_folder(claim: str, around: Surroundings) -> str:
    """A folder's name for the volume of a bound claim.

    The same NFS export is the same files, whatever object describes it.
    """
    volume = around.claims[claim]["spec"]["volumeName"]
    spec = around.volumes.get(volume, {}).get("spec", {})
    source = {key: spec[key] for key in spec.keys() - NOT_THE_SOURCE}
    if "csi" in source:
        source = {key: source["csi"][key] for key in ("driver", "volumeHandle")}
    text = json.dumps(source or volume, sort_keys=True)
    return f"{re.sub('[^a-z0-9-]', '-', claim)}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _files(volume: Object, around: Surroundings) -> Iterator[tuple[str, bytes]]:
    """What a pod finds in a volume made of Secrets and ConfigMaps; optional ones may be absent."""
    sources = volume.get("projected", {}).get("sources", [volume])
    for source in sources:
        if "secret" in source:
            secret = source["secret"]
            live = around.secrets.get(secret.get("secretName") or secret.get("name"), {})
            data = {key: base64.b64decode(text) for key, text in (live.get("data") or {}).items()}
            yield from _selected(data, secret)
        elif "configMap" in source:
            live = around.config_maps.get(source["configMap"]["name"], {})
            data = {key: text.encode() for key, text in (live.get("data") or {}).items()}
            yield from _selected(data, source["configMap"])


def _selected(data: dict[str, bytes], source: Object) -> Iterator[tuple[str, bytes]]:
    items = source.get("items") or [{"key": key, "path": key} for key in data]
    return ((each["path"], data[each["key"]]) for each in items if each["key"] in data)
