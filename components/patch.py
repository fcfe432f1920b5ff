"""The patch of an object that every cluster has one of."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResourcePatch

from components.ownership import ANNOTATIONS
from settings.later import unfilled
from settings.names import STACK
from settings.secret import Secret


def patch(
    api_version: str,
    kind: str,
    spec: Mapping[str, Any],
    cluster: str,
    opts: ResourceOptions,
    secret: Sequence[str] = (),
) -> CustomResourcePatch:
    """Own exactly the fields of `spec` on the live object named cluster and nothing else of it.
    An annotation names the `cluster` of the stack, so that another stack sees that it is taken.

    The object is never made here: a server-side apply would create it, so its absence is
    refused before. It is retained on delete, since what was given up would be dropped from
    it, and what it refers to is retained too. `secret` names the parts of the live object
    that the state has to encrypt: the state of a patch is the whole object.
    """
    later = [".".join(("spec", *path)) for path in unfilled(spec)]
    if later:
        # The words that stand for a value would be taken for one.
        raise pulumi.RunError(f"{kind} cluster is not patched: {', '.join(later)} is not known")
    return CustomResourcePatch(
        # Two kinds are called cluster; the name is what a person sees in the preview.
        "cluster" if kind == "Config" else f"{kind.lower()}-cluster",
        api_version=api_version,
        kind=kind,
        metadata={"name": "cluster", "annotations": {**ANNOTATIONS, STACK: cluster}},
        spec=_unwrapped(spec),
        opts=ResourceOptions.merge(
            opts,
            ResourceOptions(retain_on_delete=True, additional_secret_outputs=list(secret)),
        ),
    )


def _unwrapped(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _unwrapped(each) for key, each in value.items()}
    return Output.secret(value.reveal()) if isinstance(value, Secret) else value
