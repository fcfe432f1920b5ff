"""The registry's pod (pkg/resource/podtemplatespec.go `makePodTemplateSpec`)."""

from lab.kinds import Object
from lab.operator import names
from lab.operator.environment import environment
from lab.operator.errors import SyncError
from lab.operator.placement import affinity, spread
from lab.operator.storage.driver import Driver, Variable
from lab.operator.world import World

TERMINATION_GRACE = 55


def pod_spec(spec: Object, driver: Driver, world: World) -> Object:
    """The pod for the `spec` of the operator's configuration. Raises SyncError."""
    block = spec["storage"][driver.key]
    volumes, mounts = driver.volumes(block)
    own_volumes, own_mounts = _own_volumes()
    variables = [*driver.environment(block, world), *environment(spec, world)]
    container = {
        "name": "registry",
        "image": f"image-registry:{world.version or 'unknown'}",
        "ports": [{"containerPort": names.PORT, "protocol": "TCP"}],
        "env": [_variable(each) for each in variables],
        "volumeMounts": [*mounts, *own_mounts],
        "resources": spec.get("resources") or {"requests": {"cpu": "100m", "memory": "256Mi"}},
        "livenessProbe": _probe("/healthz", 5),
        "readinessProbe": _probe("/readyz", 15),
    }
    pod: Object = {
        "serviceAccountName": names.SERVICE_ACCOUNT,
        "priorityClassName": "system-cluster-critical",
        "terminationGracePeriodSeconds": TERMINATION_GRACE,
        "nodeSelector": {"kubernetes.io/os": "linux", **(spec.get("nodeSelector") or {})},
        "securityContext": _security_context(world),
        "containers": [container],
        "volumes": [*volumes, *own_volumes],
    }
    for field, value in (
        ("tolerations", spec.get("tolerations")),
        ("affinity", affinity(spec)),
        ("topologySpreadConstraints", spread(spec, world)),
    ):
        if value:
            pod[field] = value
    return pod


def _variable(variable: Variable) -> Object:
    """A secret one refers to the operator's own Secret (pkg/envvar)."""
    if not variable.secret:
        return {"name": variable.name, "value": variable.value}
    reference = {"name": names.PRIVATE_CONFIGURATION, "key": variable.name}
    return {"name": variable.name, "valueFrom": {"secretKeyRef": reference}}


def _security_context(world: World) -> Object:
    """`generateSecurityContext`: the namespace's first supplemental group owns the files."""
    name = world.namespace["metadata"]["name"]
    groups = world.namespace["metadata"].get("annotations", {}).get(names.SUPPLEMENTAL_GROUPS)
    problem = "generate security context for deployment config: "
    if groups is None:
        missing = f"namespace {name!r} doesn't have annotation {names.SUPPLEMENTAL_GROUPS}"
        raise SyncError(problem + missing)
    first, slash, _ = groups.partition("/")
    if not slash or not first.isdigit():
        raise SyncError(
            f"{problem}unable to parse annotation {names.SUPPLEMENTAL_GROUPS} in namespace {name!r}"
        )
    return {"fsGroup": int(first), "fsGroupChangePolicy": "OnRootMismatch"}


def _own_volumes() -> tuple[list[Object], list[Object]]:
    """Serving certificate, trust and pull secret: the same for every backend."""
    bundle = [{"key": "ca-bundle.crt", "path": "anchors/ca-bundle.crt"}]
    pulls = [{"key": ".dockerconfigjson", "path": "config.json"}]
    token = {"serviceAccountToken": {"audience": "openshift", "path": "token"}}
    rows: list[tuple[str, str, Object]] = [
        (
            "registry-tls",
            "/etc/secrets",
            {"projected": {"sources": [{"secret": {"name": f"{names.REGISTRY}-tls"}}]}},
        ),
        ("ca-trust-extracted", "/etc/pki/ca-trust/extracted", {"emptyDir": {}}),
        (
            "registry-certificates",
            "/etc/pki/ca-trust/source/anchors",
            {"configMap": {"name": names.CERTIFICATES}},
        ),
        (
            "trusted-ca",
            "/usr/share/pki/ca-trust-source",
            {"configMap": {"name": names.TRUSTED_CA, "items": bundle, "optional": True}},
        ),
        (
            names.PULL_SECRETS,
            "/var/lib/kubelet/",
            {"secret": {"secretName": names.PULL_SECRETS, "items": pulls, "optional": True}},
        ),
        (
            "bound-sa-token",
            "/var/run/secrets/openshift/serviceaccount",
            {"projected": {"sources": [token]}},
        ),
    ]
    volumes = [{"name": name, **source} for name, _, source in rows]
    return volumes, [{"name": name, "mountPath": path} for name, path, _ in rows]


def _probe(path: str, delay: int) -> Object:
    check = {"scheme": "HTTPS", "path": path, "port": names.PORT}
    return {"timeoutSeconds": 5, "initialDelaySeconds": delay, "httpGet": check}
