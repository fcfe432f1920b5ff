from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import (
    CLAIM,
    CLAIM_PATCH,
    CONFIG_MAPS,
    NAMESPACE,
    SECRETS,
    SINGLETON_PATCHES,
    STORAGE_CLASS,
    TRUST_NAMESPACE,
    VOLUME,
    VOLUME_PATCH,
    entries,
    is_default_provider,
    plugin,
    text,
)
from ._rbac import (
    BINDINGS,
    IMAGE_GROUP,
    IMAGE_READERS,
    IMAGE_WRITERS,
    ROLES,
    SCRAPER,
    grants,
    is_a_scrapers,
)

# Every application has some of these. The registry's are known by their namespace, or by the
# roles and resources they are about.
ANYBODYS = (*CONFIG_MAPS, *SECRETS, *ROLES, *BINDINGS)
IMAGE_ROLES = (*IMAGE_READERS, *IMAGE_WRITERS)
OURS = "openshift-registry:"


@resource_rule(
    title="The registry's objects name their Kubernetes provider",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("explicit providers"),
    types=(
        *SINGLETON_PATCHES,
        CLAIM,
        CLAIM_PATCH,
        VOLUME,
        VOLUME_PATCH,
        STORAGE_CLASS,
        *ANYBODYS,
    ),
    why=(
        "An object without a provider goes to the default one, and that to whatever cluster the "
        "kubeconfig of the moment points to: the registry of another cluster gets the patch, and "
        "the images of another cluster are opened to whom a role is bound."
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
    if text(resource.props, "metadata", "namespace") in (NAMESPACE, TRUST_NAMESPACE):
        return True
    if resource.resource_type in ROLES:
        return is_a_scrapers(resource) or any(
            IMAGE_GROUP in entries(rule, "apiGroups") for rule in entries(resource.props, "rules")
        )
    return resource.resource_type in BINDINGS and (
        grants(resource, IMAGE_ROLES)
        or (text(resource.props, "metadata", "name") or "").startswith(OURS)
        or bool(SCRAPER.search(text(resource.props, "roleRef", "name") or ""))
    )
