from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._data import empty_secret_keys, secret_keys
from ._objects import CONFIGS, NAMESPACE, SECRETS, guide, is_patch, text
from ._routes import is_route_secret, named_secrets


@stack_rule(
    title="Route certificates are whole, and where the operator looks",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("5.2"),
    types=(*SECRETS, *CONFIGS),
    why=(
        "The operator reads tls.crt and tls.key of the secret that a route names, in its own "
        "namespace, and puts them into the route. Without the secret it can't make the route and "
        "degrades; without one of the keys the route serves a certificate that it has no key for, "
        "and is not admitted."
    ),
    source="cluster-image-registry-operator pkg/resource/route.go",
    remedy="In openshift-image-registry, give the secret tls.crt and tls.key, both with a value.",
)
def route_secret_keys(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    secrets = [each for each in resources if each.resource_type in SECRETS]
    if not secrets:
        return
    named = named_secrets(resources)
    # Another application's secret may share the name of one that is in the right place.
    found = {text(each.props, "metadata", "name") for each in secrets if _is_in_place(each)}
    for secret in secrets:
        if is_route_secret(secret, named):
            for finding in _findings(secret):
                yield secret, finding
        elif (
            not is_patch(secret)
            and not _is_in_place(secret)
            and text(secret.props, "metadata", "name") in named - found
        ):
            yield secret, f"a route of the registry names this secret, which is not in {NAMESPACE}"


def _is_in_place(secret: Resource) -> bool:
    return text(secret.props, "metadata", "namespace") == NAMESPACE


def _findings(secret: Resource) -> Iterator[str]:
    # The rest of what is patched is on the cluster.
    missing = set() if is_patch(secret) else {"tls.crt", "tls.key"} - secret_keys(secret)
    for key in sorted(missing):
        yield f"{key} is missing"
    if not missing:  # Values last, as a preview may not know them.
        for key in empty_secret_keys(secret):
            if key in ("tls.crt", "tls.key"):
                yield f"{key} is empty"
