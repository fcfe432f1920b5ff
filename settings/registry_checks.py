"""The operator's parameters against the storage, the platform and each other."""

from collections.abc import Iterator

from settings.cluster import NO_STORAGE_PLATFORMS
from settings.problems import Finding, shown
from settings.stack import StackSettings
from settings.storage_checks import OPERATOR_SOURCE

INTERNAL = (".svc", ".cluster.local")


def storage_needed(settings: StackSettings) -> Iterator[Finding]:
    platform, state = settings.cluster.platform, settings.registry.management_state
    if settings.storage is None and state == "Managed" and platform in NO_STORAGE_PLATFORMS:
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
    state = settings.registry.management_state
    if settings.storage is None and state == "Removed":
        yield Finding(
            ("registry", "managementState"),
            "makes the operator delete the storage with all images, if the storage is Managed "
            "(guide 2.5)",
            "name the storage in openshift-registry:storage: then it is Unmanaged and stays",
            "operator:removed",
            shown(state),
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
    replicas = settings.registry.replicas
    if _single(settings) and replicas is not None and replicas > 1:
        yield Finding(
            ("registry", "replicas"),
            "is too many for a ReadWriteOnce claim: the operator refuses more than one "
            f"({OPERATOR_SOURCE})",
            "write replicas: 1, leave the key out, or use a ReadWriteMany claim",
            "operator:rwo-replicas",
            str(replicas),
        )


def recreate(settings: StackSettings) -> Iterator[Finding]:
    strategy = settings.registry.rollout_strategy
    if _single(settings) and strategy == "RollingUpdate":
        yield Finding(
            ("registry", "rolloutStrategy"),
            "can't work on a ReadWriteOnce claim: the new pod would wait for the old one's volume, "
            f"and the operator refuses it ({OPERATOR_SOURCE})",
            "write Recreate, or leave the key out",
            "operator:rwo-rollout",
            shown(strategy),
        )


def _single(settings: StackSettings) -> bool:
    return bool(settings.storage and settings.storage.demands)


def old_logging(settings: StackSettings) -> Iterator[Finding]:
    """What the operator makes of `logging` beside `logLevel`: cluster-image-registry-operator
    pkg/resource/podtemplatespec.go, generateLogLevel."""
    registry = settings.registry
    if registry.logging is None:
        return
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
