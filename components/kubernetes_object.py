"""A Kubernetes object as a resource, without the SDK's class for its kind.

The SDK's classes load the input types of every core object, a StorageClass as much as a claim,
which takes a fifth of a second in each run. This registers the same resource; tests hold it
against what the SDK's classes register.
"""

from collections.abc import Mapping
from typing import Any

from pulumi import CustomResource, ResourceOptions


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
        given = {"apiVersion": api_version, "kind": kind, **properties}
        super().__init__(f"kubernetes:{package}:{kind}", name, given, opts)
