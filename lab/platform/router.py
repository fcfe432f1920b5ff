"""The default router: gives routes their host names and admits them."""

from collections.abc import Iterable

from lab.kinds import Object
from lab.platform.routetls import refusal

ROUTER = "default"


def host(route: Object, domain: str) -> str:
    """The route's host, or the one it gets: `<name>-<namespace>.<ingress domain>`, in which the
    name is one label (openshift/library-go route/hostassignment)."""
    metadata = route["metadata"]
    name = metadata["name"].replace(".", "-")
    return route["spec"].get("host") or f"{name}-{metadata['namespace']}.{domain}"


def admitted(routes: Iterable[Object], domain: str, now: str) -> list[tuple[Object, Object]]:
    """Every route with its `status.ingress` entry.

    One whose certificates are no good is rejected, and claims no host. Of the others the oldest
    of a host has it (openshift/router `ExtendedValidationFailed`, `HostAlreadyClaimed`).
    """
    owners: dict[str, Object] = {}
    found = []
    for route in sorted(routes, key=_age):
        name = host(route, domain)
        condition = _admission(route, name, owners)
        ingress = {
            "host": name,
            "routerName": ROUTER,
            "routerCanonicalHostname": f"router-{ROUTER}.{domain}",
            "wildcardPolicy": "None",
            "conditions": [{**condition, "lastTransitionTime": _since(route, condition, now)}],
        }
        found.append((route, ingress))
    return found


def _admission(route: Object, name: str, owners: dict[str, Object]) -> Object:
    refused = refusal(route["spec"].get("tls") or {})
    if refused is not None:
        return _rejected("ExtendedValidationFailed", refused)
    owner = owners.setdefault(name, route)
    if owner is not route:
        return _rejected("HostAlreadyClaimed", _claimed(owner, route, name))
    return {"type": "Admitted", "status": "True"}


def _rejected(reason: str, message: str) -> Object:
    return {"type": "Admitted", "status": "False", "reason": reason, "message": message}


def _age(route: Object) -> tuple[str, str, str]:
    metadata = route["metadata"]
    return metadata["creationTimestamp"], metadata["namespace"], metadata["name"]


def _claimed(owner: Object, route: Object, name: str) -> str:
    if owner["metadata"]["namespace"] == route["metadata"]["namespace"]:
        return f"route {owner['metadata']['name']} already exposes {name} and is older"
    return (
        f"a route in another namespace holds {name} and is older than {route['metadata']['name']}"
    )


def _since(route: Object, condition: Object, now: str) -> str:
    for ingress in route.get("status", {}).get("ingress", []):
        for each in ingress.get("conditions", []):
            if each["type"] == "Admitted" and each["status"] == condition["status"]:
                return each["lastTransitionTime"]
    return now
