"""A Kubernetes object as a resource, without the SDK's class for its kind.

The SDK's classes load the input types of every core object, a StorageClass as much as a claim,
which takes a fifth of a second in each run. This registers the same resource; tests hold it
against what the SDK's classes register.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pulumi import CustomResource, ResourceOptions


class Place(NamedTuple):
    """Where an object is on the API server."""

    api_version: str
    kind: str
    name: str
    namespace: str | None = None

    def __str__(self) -> str:
        where = f"{self.namespace}/" if self.namespace else ""
        return f"{self.kind} {where}{self.name}"


class KubernetesObject(CustomResource):
    """`properties` are spelled as the Kubernetes API spells them; those that are None are left out.

    `package` is the SDK's for the API group and version, as in `core/v1`.
    """

    def __init__(
        self,
        package: str,
        api_version: str,
        kind: str,
        name: str,
        properties: Mapping[str, Any],
        opts: ResourceOptions,
    ) -> None:
        # A patch of an object is of its kind, and where it is.
        live = kind.removesuffix("Patch")
        self.place = Place(api_version, live, **_named(properties["metadata"]))
        given = {"apiVersion": api_version, "kind": live, **properties}
        super().__init__(f"kubernetes:{package}:{kind}", name, given, opts)


def _named(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {key: metadata[key] for key in ("name", "namespace") if key in metadata}
