"""Cluster-scoped objects."""

from lab.kinds import Object

INSTALLED = "2024-05-14T08:00:00Z"
"""When these clusters were installed."""


def cluster_scoped(
    version: str,
    kind: str,
    name: str,
    annotations: dict[str, str] | None = None,
    spec: Object | None = None,
) -> Object:
    metadata: Object = {"name": name}
    if annotations:
        metadata["annotations"] = annotations
    document: Object = {"apiVersion": version, "kind": kind, "metadata": metadata}
    return document if spec is None else {**document, "spec": spec}
