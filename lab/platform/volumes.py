"""The external provisioner and resizer: which volumes to make, to grow and to delete."""

import hashlib
from collections.abc import Iterable, Mapping

from lightkube.utils.quantity import parse_quantity

from lab.kinds import Object
from lab.platform.drivers import DRIVERS, asked, refusal

PROVISIONER = "volume.kubernetes.io/storage-provisioner"
"""On a claim, by the real binder: it is this provisioner's turn. Not before a node is selected,
when the class waits for the first consumer."""
SELECTED_NODE = "volume.kubernetes.io/selected-node"
PROVISIONED_BY = "pv.kubernetes.io/provisioned-by"


def to_provision(
    claims: Iterable[Object], classes: dict[str, Object], volumes: Mapping[str, Object]
) -> Iterable[tuple[Object, Object]]:
    """Claims, each with its class, whose volume is to be made now."""
    for claim in claims:
        found = classes.get(claim["spec"].get("storageClassName") or "")
        if found is None or claim["spec"].get("volumeName") or volume_name(claim) in volumes:
            continue
        annotations = claim["metadata"].get("annotations", {})
        turn = annotations.get(PROVISIONER) == found["provisioner"]
        if (
            turn
            and found["provisioner"] in DRIVERS
            and not claim["metadata"].get("deletionTimestamp")
        ):
            yield claim, found


def volume_name(claim: Object) -> str:
    return f"pvc-{claim['metadata']['uid']}"


def volume(claim: Object, storage_class: Object) -> Object | str:
    """The PersistentVolume for a claim, or why its driver refuses."""
    provisioner = storage_class["provisioner"]
    refused = refusal(provisioner, asked(claim, storage_class))
    if refused is not None:
        return (
            f"failed to provision volume with StorageClass "
            f'"{storage_class["metadata"]["name"]}": {refused}'
        )
    metadata = claim["metadata"]
    spec: Object = {
        "accessModes": claim["spec"]["accessModes"],
        "capacity": {"storage": claim["spec"]["resources"]["requests"]["storage"]},
        "claimRef": {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            **{key: metadata[key] for key in ("namespace", "name", "uid", "resourceVersion")},
        },
        "csi": {
            "driver": provisioner,
            "volumeHandle": f"lab-{metadata['uid']}",
            "volumeAttributes": dict(storage_class.get("parameters") or {}),
        },
        "persistentVolumeReclaimPolicy": storage_class.get("reclaimPolicy", "Delete"),
        "storageClassName": storage_class["metadata"]["name"],
        "volumeMode": claim["spec"].get("volumeMode", "Filesystem"),
    }
    if storage_class.get("mountOptions"):
        spec["mountOptions"] = storage_class["mountOptions"]
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {
            "name": volume_name(claim),
            "annotations": {PROVISIONED_BY: provisioner},
        },
        "spec": spec,
    }


def to_delete(volumes: Iterable[Object]) -> list[Object]:
    """Volumes of ours whose claim is gone and whose policy is Delete. `Retain` keeps its images."""
    return [
        each
        for each in volumes
        if each.get("status", {}).get("phase") == "Released"
        and each["spec"].get("persistentVolumeReclaimPolicy") == "Delete"
        and each["metadata"].get("annotations", {}).get(PROVISIONED_BY) in DRIVERS
        and not each["metadata"].get("deletionTimestamp")
    ]


def to_grow(claims: Iterable[Object], classes: dict[str, Object]) -> list[tuple[Object, str]]:
    """Bound claims that ask for more than they have, where the class allows it, and how much."""
    grown = []
    for claim in claims:
        found = classes.get(claim["spec"].get("storageClassName") or "", {})
        status = claim.get("status", {})
        if status.get("phase") != "Bound" or not found.get("allowVolumeExpansion"):
            continue
        wanted = claim["spec"]["resources"]["requests"]["storage"]
        present = status.get("capacity", {}).get("storage", "0")
        if parse_quantity(wanted) > parse_quantity(present):
            grown.append((claim, wanted))
    return grown


def event(claim: Object, provisioner: str, message: str, time: str) -> Object:
    """The warning a provisioner leaves on a claim; the same one always has the same name."""
    metadata = claim["metadata"]
    digest = hashlib.sha256(f"{metadata['uid']}{message}".encode()).hexdigest()[:16]
    fields = ("namespace", "name", "uid")
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"namespace": metadata["namespace"], "name": f"{metadata['name']}.{digest}"},
        "type": "Warning",
        "reason": "ProvisioningFailed",
        "message": message,
        "involvedObject": {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            **{key: metadata[key] for key in fields},
        },
        "source": {"component": f"{provisioner}_lab"},
        "firstTimestamp": time,
        "lastTimestamp": time,
        "count": 1,
    }
