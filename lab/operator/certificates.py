"""ConfigMap image-registry-certificates: whom the registry trusts (pkg/resource/caconfig.go)."""

from lab.kinds import Object
from lab.operator import names
from lab.operator.errors import SyncError
from lab.operator.storage import select
from lab.operator.world import World

STORAGE_CA = "storage-ca-bundle.pem"


def certificates(config: Object, world: World) -> Object:
    """The service CA, image.config's additionalTrustedCA and the storage's CA.

    Raises SyncError when a map that is referred to is missing.
    """
    data: dict[str, str] = {}
    service_ca = (world.config_maps.get(names.SERVICE_CA) or {}).get("data") or {}
    if "service-ca.crt" in service_ca and world.service is not None:
        for domain in ("svc", "svc.cluster.local"):
            host = f"{names.REGISTRY}.{names.NAMESPACE}.{domain}"
            data[f"{host}..{names.PORT}"] = service_ca["service-ca.crt"]
    data |= _additional(world)
    bundle = _storage_bundle(config["spec"], world)
    if bundle:
        data[STORAGE_CA] = bundle
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": names.CERTIFICATES, "namespace": names.NAMESPACE},
        "data": data,
    }


def _additional(world: World) -> dict[str, str]:
    trusted = ((world.image_config or {}).get("spec") or {}).get("additionalTrustedCA") or {}
    name = trusted.get("name")
    if not name:
        return {}
    if name not in world.openshift_config:
        raise SyncError(f'configmap "{name}" not found')
    return world.openshift_config[name].get("data") or {}


def _storage_bundle(spec: Object, world: World) -> str:
    """None while the registry is Removed, or its storage is not clear: that is told elsewhere."""
    if spec.get("managementState") == "Removed":
        return ""
    storage = spec.get("storage") or {}
    try:
        driver = select(storage)
    except SyncError:
        return ""
    return driver.ca_bundle(storage[driver.key], world) if driver is not None else ""
