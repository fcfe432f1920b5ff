from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._data import secret_keys
from ._objects import CONFIGS, SECRETS, guide
from ._routes import is_route_secret, named_secrets


@stack_rule(
    title="The CAs of a route's certificate are under the key that is read",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    framework=guide("5.2"),
    types=(*SECRETS, *CONFIGS),
    why=(
        "The operator takes tls.crt, tls.key and tls.cacrt. CAs under ca.crt, where cert-manager "
        "and most tools write them, are dropped without a word, and clients that need them can't "
        "verify the route. Nothing is lost where tls.crt already holds the whole chain."
    ),
    source=(
        "cluster-image-registry-operator pkg/resource/route.go; openshift-docs pull request 15370"
    ),
    remedy="Rename ca.crt to tls.cacrt, or append the chain to tls.crt.",
)
def route_secret_ca(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    secrets = [each for each in resources if each.resource_type in SECRETS]
    named = named_secrets(resources) if secrets else set()
    for secret in secrets:
        if is_route_secret(secret, named):
            keys = secret_keys(secret)
            if "ca.crt" in keys and "tls.cacrt" not in keys:
                yield secret, "ca.crt is dropped by the operator: the key is tls.cacrt"
