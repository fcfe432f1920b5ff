"""The patch of configs.imageregistry.operator.openshift.io/cluster."""

from collections.abc import Mapping
from typing import Any

from pulumi import Output, ResourceHook, ResourceHookBinding, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResourcePatch

from components.ownership import ANNOTATIONS
from settings.secret import Secret


def registry_patch(
    spec: Mapping[str, Any], switch: ResourceHook, opts: ResourceOptions
) -> CustomResourcePatch:
    """Own exactly the fields of `spec` on the live object and nothing else of it.

    The object is never made here: a server-side apply would create it, so its absence
    is refused before. It is retained on delete, since giving the fields up would drop the
    storage and let the operator choose another one.
    """
    return CustomResourcePatch(
        "cluster",
        api_version="imageregistry.operator.openshift.io/v1",
        kind="Config",
        metadata={"name": "cluster", "annotations": ANNOTATIONS},
        spec=_unwrapped(spec),
        opts=ResourceOptions.merge(
            opts,
            ResourceOptions(
                retain_on_delete=True,
                # The state of a patch is the whole live object. Its spec holds the
                # httpSecret that the operator fills in, and its annotations may repeat
                # it (kubectl's last-applied-configuration).
                additional_secret_outputs=["spec", "metadata"],
                hooks=ResourceHookBinding(before_create=[switch], before_update=[switch]),
            ),
        ),
    )


def _unwrapped(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _unwrapped(each) for key, each in value.items()}
    return Output.secret(value.reveal()) if isinstance(value, Secret) else value
