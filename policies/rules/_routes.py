"""The secrets that hold certificates of the registry's routes."""

from collections.abc import Collection, Sequence

from declare import Resource

from ._objects import CONFIGS, NAMESPACE, entries, text


def named_secrets(resources: Sequence[Resource]) -> set[str]:
    """The names of the secrets that the registry's configuration gives its routes."""
    names = {
        text(route, "secretName")
        for each in resources
        if each.resource_type in CONFIGS
        for route in entries(each.props, "spec", "routes")
    }
    return {name for name in names if name}


def is_route_secret(secret: Resource, named: Collection[str]) -> bool:
    """Whether a route of the registry can use it: one that is named, or made for such a use."""
    return text(secret.props, "metadata", "namespace") == NAMESPACE and (
        text(secret.props, "metadata", "name") in named
        or text(secret.props, "type") == "kubernetes.io/tls"
    )
