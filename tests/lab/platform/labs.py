"""Starting a lab of a platform, and what tests do on one."""

from pathlib import Path
from typing import Any

import yaml
from lightkube import Client

from lab import kinds
from lab.lab import Lab, say
from tests.lab.operator.live import REGISTRY, patch, phase, settled, wait
from tests.lab.planes import SharedLab
from tests.lab.project import delete_volumes


def start(directory: Path, platform: str, *add_ons: str, kind: type[Lab] = SharedLab) -> Lab:
    name = f"lab-{platform.lower()}"
    cluster = {
        "name": name,
        "version": "4.15",
        "environment": "development",
        "infrastructureName": f"{name}-x7k2p",
        "platform": platform,
    }
    config = {"openshift-registry:cluster": cluster, "lab:addOns": list(add_ons)}
    (directory / f"Pulumi.{name}.yaml").write_text(yaml.safe_dump({"config": config}))
    lab = kind(name, directory / "lab", stacks=directory)
    lab.start(say)
    return lab


def empty(lab: Lab) -> None:
    """Remove the registry, its claims and all volumes."""
    assert lab.running(), "a process of the lab has stopped"
    client = lab.client()
    patch(client, {"managementState": "Removed", "storage": None, "replicas": 1})
    settled(client, "Progressing", "False", "Removed")
    for claim in client.list(kinds.PersistentVolumeClaim, namespace=REGISTRY):
        client.delete(kinds.PersistentVolumeClaim, claim["metadata"]["name"], namespace=REGISTRY)
    delete_volumes(lab)
    wait(lambda: not list(client.list(kinds.PersistentVolume)), "no volumes")


def use(client: Client, claim: str, replicas: int = 1, strategy: str = "Recreate") -> None:
    """Put the registry on a claim, as a stack does."""
    patch(
        client,
        {
            "managementState": "Managed",
            "replicas": replicas,
            "rolloutStrategy": strategy,
            "storage": {"managementState": "Unmanaged", "pvc": {"claim": claim}},
        },
    )


def claim(name: str, mode: str = "ReadWriteOnce", **spec: Any) -> Any:
    """A claim of 100Gi; without a `storageClassName` it gets the cluster's default one."""
    return kinds.PersistentVolumeClaim(
        metadata={"name": name, "namespace": REGISTRY},
        spec={
            "accessModes": [mode],
            "resources": {"requests": {"storage": "100Gi"}},
            "volumeMode": "Filesystem",
            **spec,
        },
    )


def bound(client: Client, name: str) -> None:
    wait(lambda: phase(client, name) == "Bound", f"claim {name} is bound")
