from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import (
    CLAIM,
    CLAIM_PATCH,
    SINGLETON_PATCHES,
    STORAGE_CLASS,
    is_default_provider,
    plugin,
)


@resource_rule(
    title="The registry's objects name their Kubernetes provider",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("explicit providers"),
    types=(*SINGLETON_PATCHES, CLAIM, CLAIM_PATCH, STORAGE_CLASS),
    why=(
        "An object without a provider goes to the default one, and that to whatever cluster the "
        "kubeconfig of the moment points to: the registry of another cluster gets the patch."
    ),
    source="pulumi/pulumi-kubernetes issue 1643",
    remedy="Pass the stack's own kubernetes.Provider in the resource's options or its parent's.",
)
def explicit_provider(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.provider is not None and is_default_provider(resource.provider):
        yield "the object is sent through the default provider"
