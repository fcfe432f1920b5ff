from collections.abc import Iterator
from typing import Any

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import PROVIDER, at, plugin, text


@resource_rule(
    title="The Kubernetes provider has no namespace of its own",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=plugin("provider argument namespace"),
    types=(PROVIDER,),
    why=(
        "While the cluster can't be reached the plugin takes every custom resource for a "
        "namespaced one and writes the provider's namespace into it: existing patches of "
        "configs/cluster then show as replaced, and a replaced patch gives its fields up. "
        "A namespace in the kubeconfig's context does the same; `oc project` leaves one."
    ),
    source="tried with the plugin against an unreachable API server",
    remedy=(
        "Leave the provider's namespace out, take it out of the kubeconfig's context, "
        "and name the namespace on each object."
    ),
)
def provider_namespace(provider: Resource, settings: Settings) -> Iterator[str]:
    if at(provider.props, "namespace"):
        yield "the provider has a namespace"
    kubeconfig = text(provider.props, "kubeconfig")
    # Without a namespace the plugin takes default, so that one changes nothing.
    if kubeconfig and _namespace(kubeconfig, provider) not in (None, "default"):
        yield "the kubeconfig's context has a namespace"


def _namespace(kubeconfig: str, provider: Resource) -> Any:
    """The namespace of the context in use; None if the kubeconfig is the path of a file."""
    import yaml  # Only a stack with a kubeconfig of its own pays for it.

    try:
        document = yaml.safe_load(kubeconfig)
    except yaml.YAMLError:
        return None  # The plugin refuses it, in its own words.
    in_use = text(provider.props, "context") or at(document, "current-context")
    contexts = at(document, "contexts")
    for context in contexts if isinstance(contexts, list) else ():
        if at(context, "name") == in_use:
            return at(context, "context", "namespace")
    return None
