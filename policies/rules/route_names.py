from collections import Counter
from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIGS, api, entries, text

RESERVED = "default-route"


@resource_rule(
    title="The registry's routes have names and hosts of their own",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.routes"),
    types=CONFIGS,
    why=(
        "The operator makes one Route by each name. A name that is missing, taken twice or "
        "default-route, which is reserved also while spec.defaultRoute is false, stops every "
        "change of the registry and degrades the operator. Of two routes with one host the router "
        "admits the older only."
    ),
    source="cluster-image-registry-operator pkg/operator/complete.go, verifyResource",
    remedy="Give each route in spec.routes its own name, not default-route, and its own hostname.",
)
def route_names(config: Resource, settings: Settings) -> Iterator[str]:
    routes = entries(config.props, "spec", "routes")
    names = [text(route, "name") or "" for route in routes]
    if "" in names:
        yield "a route in spec.routes has no name"
    if RESERVED in names:
        yield f"a route in spec.routes is named {RESERVED}"
    if _has_twice(names):
        yield "routes in spec.routes share a name"
    # DNS takes upper and lower case for the same.
    if _has_twice([(text(route, "hostname") or "").lower() for route in routes]):
        yield "routes in spec.routes share a hostname"


def _has_twice(names: list[str]) -> bool:
    return any(times > 1 for name, times in Counter(names).items() if name)
