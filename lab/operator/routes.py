"""The registry's routes (pkg/resource/route.go, generator.go `listRoutes`)."""

from lab.kinds import Object
from lab.operator import names
from lab.operator.errors import SyncError
from lab.operator.world import World, data_of

TLS_FIELDS = {"tls.crt": "certificate", "tls.key": "key", "tls.cacrt": "caCertificate"}
"""Secret key -> field of the route. Other keys, `ca.crt` among them, are dropped without a word."""


def wanted(spec: Object) -> list[Object]:
    """The routes of a configuration: the default one first, if it is switched on."""
    default = [{"name": names.DEFAULT_ROUTE}] if spec.get("defaultRoute") else []
    return [*default, *(spec.get("routes") or [])]


def route(wish: Object, world: World) -> Object:
    """One route; without a host name the router gives it one. Raises SyncError."""
    tls = {"termination": "reencrypt"}
    name = wish.get("secretName")
    if name:
        if name not in world.secrets:
            raise SyncError(f'secret "{name}" not found')
        data = data_of(world.secrets[name])
        tls |= {field: data[key] for key, field in TLS_FIELDS.items() if key in data}
    spec: Object = {"to": {"kind": "Service", "name": names.REGISTRY}, "tls": tls}
    if wish.get("hostname"):
        spec["host"] = wish["hostname"]
    return {
        "apiVersion": "route.openshift.io/v1",
        "kind": "Route",
        "metadata": {
            "name": wish["name"],
            "namespace": names.NAMESPACE,
            "annotations": {names.OWNER_ANNOTATION: "true"},
        },
        "spec": spec,
    }


def made_by_operator(world: World) -> list[Object]:
    return [
        each
        for each in world.routes.values()
        if names.OWNER_ANNOTATION in each["metadata"].get("annotations", {})
    ]


def obsolete(spec: Object, world: World) -> list[Object]:
    """Routes of ours that are not wanted any more (`removeObsoleteRoutes`)."""
    keep = {each["name"] for each in wanted(spec)}
    return [each for each in made_by_operator(world) if each["metadata"]["name"] not in keep]


def host_names(world: World) -> list[str]:
    """Where the registry is exposed, default route first (imageconfig.go `getRouteHostnames`)."""
    hosts = {
        ingress["host"]
        for each in made_by_operator(world)
        for ingress in each.get("status", {}).get("ingress", [])
        if ingress.get("host")
    }
    prefix = f"{names.DEFAULT_ROUTE}-{names.NAMESPACE}"
    return sorted(hosts, key=lambda host: (not host.startswith(prefix), host))
