from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import (
    CLAIM,
    CLAIM_PATCH,
    CONFIG_MAP,
    NAMESPACE,
    SECRET,
    SINGLETON_PATCHES,
    STORAGE_CLASS,
    TRUST_NAMESPACE,
    VOLUME,
    is_default_provider,
    plugin,
    text,
)

# Every application has some of these; the registry's are known by their namespace.
ANYBODYS = (CONFIG_MAP, SECRET)


@resource_rule(
    title="The registry's objects name their Kubernetes provider",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("explicit providers"),
    types=(*SINGLETON_PATCHES, CLAIM, CLAIM_PATCH, VOLUME, STORAGE_CLASS, *ANYBODYS),
    why=(
        "An object without a provider goes to the default one, and that to whatever cluster the "
        "kubeconfig of the moment points to: the registry of another cluster gets the patch."
    ),
    source="pulumi/pulumi-kubernetes issue 1643",
    remedy="Pass the stack's own kubernetes.Provider in the resource's options or its parent's.",
)
def explicit_provider(resource: Resource, settings: Settings) -> Iterator[str]:
    if resource.provider is None or not is_default_provider(resource.provider):
        return
    if resource.resource_type not in ANYBODYS or _is_the_registrys(resource):
        yield "the object is sent through the default provider"


def _is_the_registrys(resource: Resource) -> bool:
    return text(resource.props, "metadata", "namespace") in (NAMESPACE, TRUST_NAMESPACE)
