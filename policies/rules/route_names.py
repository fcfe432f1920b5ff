from collections import Counter
from collections.abc import Iterator
from typing import Any

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIGS, NAMESPACE, api, at, entries, text

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
        "admits the older only. A route without a hostname gets NAME-openshift-image-registry in "
        "the router's domain, with dashes for the dots of its name; so does the default route."
    ),
    source=(
        "cluster-image-registry-operator pkg/operator/complete.go, verifyResource; OpenShift, "
        "creating routes: host names"
    ),
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
    yield from _generated_twice(config, routes)


def _generated_twice(config: Resource, routes: list[Any]) -> Iterator[str]:
    hosts = [(text(route, "hostname") or "").lower() for route in routes]
    made = {text(route, "name") for route, host in zip(routes, hosts, strict=True) if not host} - {
        None,
        "",
        RESERVED,
    }
    if at(config.props, "spec", "defaultRoute") is True:
        made.add(RESERVED)
    labels = [f"{name.replace('.', '-')}-{NAMESPACE}" for name in made]
    if _has_twice(labels):
        yield "the router gives one host to two routes without a hostname"
    if any(host.partition(".")[0] in labels for host in hosts):
        yield "a hostname in spec.routes is what the router gives to a route without one"


def _has_twice(names: list[str]) -> bool:
    return any(times > 1 for name, times in Counter(names).items() if name)
