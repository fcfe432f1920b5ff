"""Do the live secrets and routes agree with what the stack file says of them?"""

from collections.abc import Iterator

from settings import StackSettings
from settings.contradiction import flow
from settings.exposure import Route, UsedSecret
from settings.exposure_checks import (
    DEFAULT_ROUTE,
    NAMESPACE,
    certificate_path,
    owned_secrets,
)
from settings.facts import LiveFacts, RouteFacts, SecretFacts
from settings.presence import presence
from settings.problems import Finding, Path
from settings.route_certificates import CACRT, CRT, KEY, faults

SECRET_SOURCE = "cluster-image-registry-operator pkg/resource/route.go"


def exposure(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """Each secret is there or not as its mode says, and each name and host is free."""
    wanted = settings.exposure
    if wanted is None:
        return
    routes, mine = wanted.routes or [], owned_secrets(wanted)
    for index, route in enumerate(routes):
        secret = route.certificate
        # What this stack itself writes need not be there yet.
        if secret is not None and not (isinstance(secret, UsedSecret) and secret.name in mine):
            path = certificate_path(index, route, "name")
            yield from presence(path, secret, facts.secrets, settings.cluster.name)
            yield from _secret(path, route, facts.secrets.get(secret.name), settings.cluster.name)
    names = {each.name for each in routes}
    for index, route in enumerate(routes):
        at: Path = ("exposure", "routes", index)
        yield from _name((*at, "name"), route.name, facts)
        yield from _host((*at, "hostname"), route, facts, names)
    if wanted.default_route:
        yield from _name(("exposure", "defaultRoute"), DEFAULT_ROUTE, facts)


def _secret(path: Path, route: Route, live: SecretFacts | None, cluster: str) -> Iterator[Finding]:
    wanted = route.certificate
    if live is None or wanted is None:
        return
    if isinstance(wanted, UsedSecret):
        yield from _used(path, route, live)
    elif live.immutable and (wanted.mode == "adopt" or live.made_for(cluster)):
        yield Finding(
            path,
            "the live secret is immutable: the API server would take no change of it",
            "write `use` to leave it as it is, or `create` with another name",
            "guard:immutable",
            flow(wanted.name),
        )
    elif (
        wanted.mode == "adopt"
        and CACRT in live.keys
        and wanted.tls_cacrt is None
        and not live.made_for(cluster)
    ):
        yield Finding(
            path,
            f"the live secret has {CACRT}, which the stack file does not name: it would be taken "
            "out, and clients would miss a part of the chain",
            f"write {CACRT} too, or its certificates after the first one in {CRT}",
            "guard:secret-lost",
            flow(wanted.name),
        )


def _used(path: Path, route: Route, live: SecretFacts) -> Iterator[Finding]:
    value = flow(route.certificate.name if route.certificate else "")
    missing = [key for key in (CRT, KEY) if key not in live.keys]
    if missing:
        yield Finding(
            path,
            f"the live secret has no {' and no '.join(missing)}, and the operator takes a route's "
            f"certificate from nowhere else ({SECRET_SOURCE})",
            f"add {' and '.join(missing)} to the secret, or name another one",
            "guard:secret-keys",
            value,
        )
    if "ca.crt" in live.keys and CACRT not in live.keys:
        yield Finding(
            path,
            f"the live secret has ca.crt, which the operator does not read ({SECRET_SOURCE}): "
            "clients may miss a part of the chain",
            f"name that key {CACRT}, or add its certificates to {CRT}",
            "guard:secret-ca",
            value,
            "warning",
        )
    if live.certificates is None:
        return
    for fault in faults(live.certificates, cacrt=live.authorities, host=route.hostname):
        rule = "guard:certificate"
        yield Finding(
            path,
            f"the live secret's {fault.key} {fault.message}",
            f"in the secret, {fault.fix}",
            f"{rule}-{fault.rule}" if fault.severity == "warning" else rule,
            value,
            fault.severity,
        )


def _name(path: Path, name: str, facts: LiveFacts) -> Iterator[Finding]:
    for live in facts.routes or ():
        if (live.namespace, live.name) == (NAMESPACE, name) and not live.operators:
            yield Finding(
                path,
                f"the route {name} is there already and was not made by the operator, which would "
                "write over it",
                f"take it away first (`oc delete route {name} -n {NAMESPACE}`), or use another "
                "name",
                "guard:route-foreign",
                flow(name),
            )


def _host(path: Path, route: Route, facts: LiveFacts, names: set[str]) -> Iterator[Finding]:
    """The router gives a host to the route that had it first; the other is refused."""
    for live in facts.routes or ():
        if route.hostname and live.host.lower() == route.hostname and not _goes(live, names):
            yield Finding(
                path,
                f"the route {live.name} of namespace {live.namespace} has that host already; the "
                "router would refuse this one, and the operator would go Degraded",
                "take that route away first, or write another host",
                "guard:host-taken",
                flow(route.hostname),
            )


def _goes(live: RouteFacts, names: set[str]) -> bool:
    """Is it one of this stack's routes, or one that the operator takes away when it is not?"""
    return live.namespace == NAMESPACE and (live.name in names or live.operators)
