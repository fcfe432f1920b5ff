from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import PROVIDER, at, is_default_provider, plugin


@resource_rule(
    title="The Kubernetes provider says which cluster it is for",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    framework=plugin("provider argument clusterIdentifier"),
    types=(PROVIDER,),
    why=(
        "Without it the plugin guesses from the kubeconfig whether this is another cluster: a new "
        "token, proxy or host name can plan the replacement of everything, and a kubeconfig that "
        "now points to another cluster can pass as an update."
    ),
    source="pulumi/pulumi-kubernetes issues 2745 and 4019",
    remedy="Set the provider's cluster_identifier, to the infrastructure name for one.",
)
def provider_cluster_identifier(provider: Resource, settings: Settings) -> Iterator[str]:
    if is_default_provider(provider):
        return  # explicit-provider keeps the registry's objects off it.
    if not at(provider.props, "clusterIdentifier"):
        yield "clusterIdentifier is missing"
