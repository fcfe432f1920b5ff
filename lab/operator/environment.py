"""The registry's environment, but for its storage (pkg/resource/podtemplatespec.go)."""

from lab.kinds import Object
from lab.operator import names
from lab.operator.errors import SyncError
from lab.operator.storage.driver import Variable
from lab.operator.world import World


def environment(spec: Object, world: World) -> list[Variable]:
    """What is the same for every backend. Raises SyncError."""
    address = f"{names.REGISTRY}.{names.NAMESPACE}.svc:{names.PORT}"
    pairs = [
        ("REGISTRY_HTTP_ADDR", f":{names.PORT}"),
        ("REGISTRY_HTTP_NET", "tcp"),
        ("REGISTRY_HTTP_SECRET", spec.get("httpSecret", "")),
        ("REGISTRY_LOG_LEVEL", _log_level(spec)),
        ("REGISTRY_OPENSHIFT_QUOTA_ENABLED", "true"),
        ("REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR", "inmemory"),
        ("REGISTRY_STORAGE_DELETE_ENABLED", "true"),
        ("REGISTRY_HEALTH_STORAGEDRIVER_ENABLED", "true"),
        ("REGISTRY_HEALTH_STORAGEDRIVER_INTERVAL", "10s"),
        ("REGISTRY_HEALTH_STORAGEDRIVER_THRESHOLD", "1"),
        ("REGISTRY_OPENSHIFT_METRICS_ENABLED", "true"),
        ("REGISTRY_OPENSHIFT_SERVER_ADDR", address),
        ("REGISTRY_HTTP_TLS_CERTIFICATE", "/etc/secrets/tls.crt"),
        ("REGISTRY_HTTP_TLS_KEY", "/etc/secrets/tls.key"),
    ]
    if spec.get("readOnly"):
        pairs.append(("REGISTRY_STORAGE_MAINTENANCE_READONLY", "{enabled: true}"))
    if spec.get("disableRedirect"):
        pairs.append(("REGISTRY_STORAGE_REDIRECT_DISABLE", "true"))
    pairs += _proxy(spec, world)
    for verb in ("read", "write"):
        pairs += _requests(verb, (spec.get("requests") or {}).get(verb) or {})
    return [Variable(name, value) for name, value in pairs]


def _log_level(spec: Object) -> str:
    """`generateLogLevel`: logLevel wins over the deprecated integer `logging`."""
    if spec.get("logLevel") in {"Debug", "Trace", "TraceAll"}:
        return "debug"
    return {0: "info", 1: "warn", 2: "info", 3: "info"}.get(spec.get("logging", 0), "debug")


def _proxy(spec: Object, world: World) -> list[tuple[str, str]]:
    """Each variable for itself: the registry's own value, else the cluster proxy's *status*."""
    own, cluster = spec.get("proxy") or {}, world.proxy.get("status") or {}
    wanted = (
        ("HTTP_PROXY", own.get("http") or cluster.get("httpProxy")),
        ("HTTPS_PROXY", own.get("https") or cluster.get("httpsProxy")),
        ("NO_PROXY", own.get("noProxy") or cluster.get("noProxy")),
    )
    return [(name, value) for name, value in wanted if value]


def _requests(verb: str, limits: Object) -> list[tuple[str, str]]:
    running, queue = limits.get("maxRunning", 0), limits.get("maxInQueue", 0)
    if not running and not queue:
        return []
    for field, value in (("MaxRunning", running), ("MaxInQueue", queue)):
        if value < 0:
            raise SyncError(f"Requests.{verb.title()}.{field} must be positive number")
    prefix = f"REGISTRY_OPENSHIFT_REQUESTS_{verb.upper()}"
    return [
        (f"{prefix}_MAXRUNNING", str(running)),
        (f"{prefix}_MAXINQUEUE", str(queue)),
        (f"{prefix}_MAXWAITINQUEUE", limits.get("maxWaitInQueue") or "0s"),
    ]
