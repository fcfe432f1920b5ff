"""The kubelet: whether, and how many of, the pods of a Deployment can run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lab.kinds import Object
from lab.platform.scheduler import fitting
from lab.pods import claims as claims_of
from lab.pods import references

SERVING_CERTIFICATE = "image-registry-tls"
"""OpenShift's service CA makes it from the service's annotation; here nobody does or needs it."""

REQUIRED = {
    "s3": ("S3_BUCKET", "S3_REGION"),
    "gcs": ("GCS_BUCKET",),
    "azure": ("AZURE_CONTAINER", "AZURE_ACCOUNTNAME"),
    "swift": ("SWIFT_CONTAINER", "SWIFT_AUTHURL"),
}
"""Without a value here the registry ends at once: "no ... parameter provided"."""


@dataclass(frozen=True)
class Surroundings:
    """What decides whether the pods of a namespace can run."""

    nodes: Sequence[Object] = ()
    claims: Mapping[str, Object] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    config_maps: frozenset[str] = frozenset()


def blockers(pod: Object, around: Surroundings) -> list[str]:
    """Everything that keeps a pod from running; what `oc describe pod` would tell."""
    problems = []
    for name in claims_of(pod):
        phase = around.claims.get(name, {}).get("status", {}).get("phase")
        if phase != "Bound":
            problems.append(f"claim {name} is {phase or 'missing'}")
    for kind, known in (("secret", around.secrets), ("configMap", around.config_maps)):
        for name, optional in references(pod, kind).items():
            if not optional and name not in known and name != SERVING_CERTIFICATE:
                problems.append(f"{kind} {name} is missing")
    if not fitting(pod, around.nodes):
        problems.append("no node fits")
    environment = {
        each["name"]: each.get("value", "")
        for container in pod["containers"]
        for each in container.get("env", [])
        if "valueFrom" not in each
    }
    for name in REQUIRED.get(environment.get("REGISTRY_STORAGE", ""), ()):
        if not environment.get(f"REGISTRY_STORAGE_{name}"):
            problems.append(f"the registry has no REGISTRY_STORAGE_{name}")
    return problems


def ready(deployment: Object, around: Surroundings) -> int:
    """How many replicas run.

    One, whatever was asked for, where a volume can only be attached to one node: the
    registry's pods are spread over hosts. At most one a host with required anti-affinity.
    """
    pod = deployment["spec"]["template"]["spec"]
    replicas = deployment["spec"].get("replicas", 1)
    if blockers(pod, around):
        return 0
    modes = [set(around.claims[name]["spec"]["accessModes"]) for name in claims_of(pod)]
    if any(not each & {"ReadWriteMany", "ReadOnlyMany"} for each in modes):
        replicas = min(replicas, 1)
    anti = (pod.get("affinity") or {}).get("podAntiAffinity") or {}
    if anti.get("requiredDuringSchedulingIgnoredDuringExecution"):
        replicas = min(replicas, len(fitting(pod, around.nodes)))
    return replicas
