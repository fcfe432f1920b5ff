"""The patch of configs.imageregistry.operator.openshift.io/cluster."""

from collections.abc import Mapping
from typing import Any

from pulumi import ResourceHook, ResourceHookBinding, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResourcePatch

from components.patch import patch


def registry_patch(
    spec: Mapping[str, Any], cluster: str, switch: ResourceHook, opts: ResourceOptions
) -> CustomResourcePatch:
    """Own the fields of `spec`; giving them up would drop the storage and let the operator
    choose another one."""
    hooks = ResourceHookBinding(before_create=[switch], before_update=[switch])
    return patch(
        "imageregistry.operator.openshift.io/v1",
        "Config",
        spec,
        cluster,
        ResourceOptions.merge(opts, ResourceOptions(hooks=hooks)),
        # The spec holds the httpSecret that the operator fills in, and an annotation may
        # repeat it (kubectl's last-applied-configuration).
        secret=["spec", "metadata"],
    )
