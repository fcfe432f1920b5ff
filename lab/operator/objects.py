"""The small objects around the registry (pkg/resource: service, secret, pullsecret, serviceca)."""

import base64
from typing import Any

from lab.kinds import Object
from lab.operator import names
from lab.operator.storage.driver import Driver
from lab.operator.world import World

INJECT_SERVICE_CA = "service.beta.openshift.io/inject-cabundle"
SERVING_CERTIFICATE = "service.beta.openshift.io/serving-cert-secret-name"


def service_account() -> Object:
    return _object("ServiceAccount", names.SERVICE_ACCOUNT)


def service_ca() -> Object:
    """Empty: OpenShift's service CA operator fills it in."""
    return _object("ConfigMap", names.SERVICE_CA, annotations={INJECT_SERVICE_CA: "true"})


def pull_secret(world: World) -> Object:
    """A copy of the installation's pull secret; without one the API server refuses this object."""
    data = (world.pull_secret or {}).get("data") or {}
    return _object(
        "Secret", names.PULL_SECRETS, type="kubernetes.io/dockerconfigjson", data=dict(data)
    )


def private_configuration(config: Object, driver: Driver, world: World) -> Object:
    """The credentials as the registry's pod reads them. Raises SyncError."""
    block = config["spec"]["storage"][driver.key]
    data = dict(driver.secret_files(block, world))
    data |= {each.name: each.value for each in driver.environment(block, world) if each.secret}
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    return _object("Secret", names.PRIVATE_CONFIGURATION, type="Opaque", data=encoded)


def service() -> Object:
    port = {
        "name": f"{names.PORT}-tcp",
        "port": names.PORT,
        "protocol": "TCP",
        "targetPort": names.PORT,
    }
    return _object(
        "Service",
        names.REGISTRY,
        labels=dict(names.LABELS),
        annotations={SERVING_CERTIFICATE: f"{names.REGISTRY}-tls"},
        spec={"selector": names.LABELS, "ports": [port]},
    )


def _object(
    kind: str,
    name: str,
    labels: dict[str, str] | None = None,
    annotations: dict[str, str] | None = None,
    **content: Any,
) -> Object:
    metadata: Object = {"name": name, "namespace": names.NAMESPACE}
    if labels:
        metadata["labels"] = labels
    if annotations:
        metadata["annotations"] = annotations
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **content}
