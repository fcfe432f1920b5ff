"""The PersistentVolumeClaim resource, without the SDK's class for it.

Importing pulumi_kubernetes.core.v1 builds the input types of every core object, which takes a
third of a second in each run, a tenth of a whole preview. This registers the same resource; a
test holds it against what the SDK's class registers.
"""

from collections.abc import Mapping
from typing import Any

from pulumi import CustomResource, ResourceOptions


class PersistentVolumeClaim(CustomResource):
    """`metadata` and `spec` are spelled as the Kubernetes API spells them."""

    def __init__(
        self,
        name: str,
        metadata: Mapping[str, Any],
        spec: Mapping[str, Any],
        opts: ResourceOptions,
    ) -> None:
        properties = {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": metadata,
            "spec": spec,
            "status": None,
        }
        super().__init__("kubernetes:core/v1:PersistentVolumeClaim", name, properties, opts)
