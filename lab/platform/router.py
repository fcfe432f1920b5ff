"""The default router: gives routes their host names and admits them."""

from collections.abc import Iterable

from lab.kinds import Object

ROUTER = "default"


def host(route: Object, domain: str) -> str:
    """The route's host, or the one it gets: `<name>-<namespace>.<ingress domain>`."""
    metadata = route["metadata"]
    return route["spec"].get("host") or f"{metadata['name']}-{metadata['namespace']}.{domain}"


def admitted(routes: Iterable[Object], domain: str, now: str) -> list[tuple[Object, Object]]:
    """Every route with its `status.ingress` entry.

    The oldest route of a host has it (openshift/router `HostAlreadyClaimed`).
    """
    owners: dict[str, Object] = {}
    found = []
    for route in sorted(routes, key=_age):
        name = host(route, domain)
        owner = owners.setdefault(name, route)
        condition = {"type": "Admitted", "status": "True"}
        if owner is not route:
            condition = {
                "type": "Admitted",
                "status": "False",
                "reason": "HostAlreadyClaimed",
                "message": _claimed(owner, route, name),
            }
        ingress = {
            "host": name,
            "routerName": ROUTER,
            "routerCanonicalHostname": f"router-{ROUTER}.{domain}",
            "wildcardPolicy": "None",
            "conditions": [{**condition, "lastTransitionTime": _since(route, condition, now)}],
        }
        found.append((route, ingress))
    return found


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
