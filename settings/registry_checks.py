"""The operator's parameters against the storage, the platform and each other."""

from collections.abc import Iterator

from settings.cluster import no_default_storage
from settings.problems import Finding, shown
from settings.stack import StackSettings
from settings.storage_checks import OPERATOR_SOURCE

INTERNAL = (".svc", ".cluster.local")


def storage_needed(settings: StackSettings) -> Iterator[Finding]:
    platform, state = settings.cluster.platform, settings.registry.management_state
    none = no_default_storage(platform, settings.cluster.minor)
    if settings.storage is None and state == "Managed" and none:
        yield Finding(
            ("storage",),
            f"is missing, and on {platform} the operator has no storage of its own: it would say "
            '"storage backend not configured" (guide 2.2)',
            "say what the registry keeps its images on, e.g. kind: claim with "
            "claim: {use: {name: ...}} for a claim that exists",
            "operator:no-storage",
        )


def unmanaged(settings: StackSettings) -> Iterator[Finding]:
    state = settings.registry.management_state
    if settings.storage is not None and state == "Unmanaged":
        yield Finding(
            ("registry", "managementState"),
            "makes the operator ignore its custom resource, so the registry is not moved to this "
            "storage (guide 2.5)",
            "write Managed, or leave the key out",
            "operator:unmanaged",
            shown(state),
            "warning",
        )


def removed(settings: StackSettings) -> Iterator[Finding]:
    """Guide 2.1 and 2.5."""
    state = settings.registry.management_state
    if state != "Removed":
        return
    path, value = ("registry", "managementState"), shown(state)
    if settings.storage is None:
        yield Finding(
            path,
            "makes the operator delete the storage with all images, if the storage is Managed "
            "(guide 2.5)",
            "name the storage in openshift-registry:storage: then it is Unmanaged and stays",
            "operator:removed",
            value,
            "warning",
        )
    else:
        kept = settings.storage.kind != "emptyDir"
        yield Finding(
            path,
            "takes the registry away, so nothing can be pushed or pulled; the images "
            + ("stay on their storage" if kept else "go with the pod")
            + ", and the pruner prunes no more than their metadata (guide 2.1)",
            "write Managed to run the registry",
            "operator:removed",
            value,
            "warning",
        )


def replicas_needed(settings: StackSettings) -> Iterator[Finding]:
    if settings.effective_replicas is None:
        yield Finding(
            ("registry", "replicas"),
            "is missing; the API requires it, and this storage does not settle it",
            "write the number of pods, e.g. replicas: 2",
            "required",
        )


def one_replica(settings: StackSettings) -> Iterator[Finding]:
    storage, replicas = settings.storage, settings.registry.replicas
    if storage is None or replicas is None or replicas <= storage.demands.get("replicas", replicas):
        return
    path, value = ("registry", "replicas"), str(replicas)
    if storage.kind == "emptyDir":
        yield Finding(
            path,
            "is too many for emptyDir: each pod would have images of its own, and a pull would "
            "succeed or fail by chance",
            "write replicas: 1, or leave the key out",
            "storage:empty-dir-replicas",
            value,
        )
    else:
        yield Finding(
            path,
            "is too many for a ReadWriteOnce claim: the operator refuses more than one "
            f"({OPERATOR_SOURCE})",
            "write replicas: 1, leave the key out, or use a ReadWriteMany claim",
            "operator:rwo-replicas",
            value,
        )


def recreate(settings: StackSettings) -> Iterator[Finding]:
    storage, strategy = settings.storage, settings.registry.rollout_strategy
    if storage and "rolloutStrategy" in storage.demands and strategy == "RollingUpdate":
        yield Finding(
            ("registry", "rolloutStrategy"),
            "can't work on a ReadWriteOnce claim: the new pod would wait for the old one's volume, "
            f"and the operator refuses it ({OPERATOR_SOURCE})",
            "write Recreate, or leave the key out",
            "operator:rwo-rollout",
            shown(strategy),
        )


def dropped_defaults(settings: StackSettings) -> Iterator[Finding]:
    """What goes silently when another key is set (cluster-image-registry-operator
    pkg/resource/podtemplatespec.go)."""
    registry, replicas = settings.registry, settings.effective_replicas or 0
    spread = registry.topology_spread_constraints

    def dropped(key: str, message: str, fix: str) -> Finding:
        path = ("registry", key)
        return Finding(path, message, fix, "operator:defaults-dropped", "", "warning")

    if registry.node_selector is not None and spread is None and replicas > 1:
        yield dropped(
            "nodeSelector",
            "drops the operator's topologySpreadConstraints, so pods may share a node or a zone",
            "add topologySpreadConstraints, e.g. one with topologyKey: kubernetes.io/hostname",
        )
    affinity = registry.affinity
    if affinity is not None and affinity.pod_anti_affinity is None and replicas == 2:
        yield dropped(
            "affinity",
            "drops the operator's podAntiAffinity, which keeps two pods on two nodes",
            "add podAntiAffinity with topologyKey: kubernetes.io/hostname",
        )
    resources = registry.resources
    kept = [] if resources is None else {**(resources.limits or {}), **(resources.requests or {})}
    lost = [each for each in ("cpu", "memory") if each not in kept]
    if resources is not None and lost:
        yield dropped(
            "resources",
            f"drops the operator's request of {' and of '.join(lost)} (cpu 100m, memory 256Mi)",
            f"add requests of {' and '.join(lost)}",
        )


def old_logging(settings: StackSettings) -> Iterator[Finding]:
    """What the operator makes of `logging` beside `logLevel`: cluster-image-registry-operator
    pkg/resource/podtemplatespec.go, generateLogLevel."""
    registry = settings.registry
    if registry.logging is None or settings.cluster.minor < (4, 6):
        return  # deprecated by logLevel, which came then
    if registry.log_level not in (None, "Normal"):
        meaning = f"has no effect beside logLevel {registry.log_level}"
        fix = "leave it out"
    elif registry.logging == 1:
        meaning = "means warn, which logLevel can't say; it is written as it is"
        fix = "write logLevel: Normal, unless warnings alone are wanted"
    else:
        level = registry.spec()["logLevel"]
        meaning, fix = f"is written as logLevel {level}", f"write logLevel: {level} instead"
    yield Finding(
        ("registry", "logging"),
        f"is deprecated and {meaning}",
        fix,
        "deprecated:logging",
        str(registry.logging),
        "warning",
    )


def no_proxy(settings: StackSettings) -> Iterator[Finding]:
    proxy = settings.registry.proxy
    if proxy is None or proxy.no_proxy is None:
        return
    hosts = {each.strip() for each in proxy.no_proxy.split(",")}
    lost = [each for each in INTERNAL if not {each, each[1:], f"*{each}"} & hosts]
    if lost and "*" not in hosts:
        yield Finding(
            ("registry", "proxy", "noProxy"),
            f"replaces the cluster's list and lacks {' and '.join(lost)}: the registry would reach "
            "the cluster's own services through the proxy",
            f"add {','.join(lost)}",
            "operator:no-proxy",
            shown(proxy.no_proxy),
            "warning",
        )
