"""The kubelet: whether, and how many of, the pods of a Deployment can run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lab.kinds import Object
from lab.platform.scheduler import fitting, reaching
from lab.pods import claims as claims_of
from lab.pods import references

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
    volumes: Mapping[str, Object] = field(default_factory=dict)
    """PersistentVolumes; one that is missing here can be mounted anywhere."""
    secrets: Mapping[str, Object] = field(default_factory=dict)
    config_maps: Mapping[str, Object] = field(default_factory=dict)
    broken: str = ""
    """Why the registry's container is not ready, though nothing keeps its pod from running."""


def blockers(pod: Object, around: Surroundings) -> list[str]:
    """Everything that keeps a pod from running; what `oc describe pod` would tell."""
    problems = []
    for name in claims_of(pod):
        phase = around.claims.get(name, {}).get("status", {}).get("phase")
        if phase != "Bound":
            problems.append(f"claim {name} is {phase or 'missing'}")
    for kind, known in (("secret", around.secrets), ("configMap", around.config_maps)):
        for name, optional in references(pod, kind).items():
            if not optional and name not in known:
                problems.append(f"{kind} {name} is missing")
    fit = fitting(pod, around.nodes)
    if not fit:
        problems.append("no node fits")
    elif not reaching(fit, volumes_of(pod, around)):
        problems.append("no node that fits can mount the volume: its node affinity is another")
    environment = {
        each["name"]: each.get("value", "")
        for container in pod["containers"]
        for each in container.get("env", [])
        if "valueFrom" not in each
    }
    for name in REQUIRED.get(environment.get("REGISTRY_STORAGE", ""), ()):
        if not environment.get(f"REGISTRY_STORAGE_{name}"):
            problems.append(f"the registry has no REGISTRY_STORAGE_{name}")
    return [*problems, around.broken] if around.broken else problems


def volumes_of(pod: Object, around: Surroundings) -> list[Object]:
    """The PersistentVolumes behind a pod's claims."""
    names = [
        around.claims.get(each, {}).get("spec", {}).get("volumeName") for each in claims_of(pod)
    ]
    return [around.volumes[each] for each in names if each in around.volumes]


def ready(deployment: Object, around: Surroundings) -> int:
    """How many replicas run.

    One, whatever was asked for, where a volume can only be attached to one node: the
    registry's pods are spread over hosts. At most one a host with required anti-affinity, or
    where a volume's node affinity keeps them together on some.
    """
    pod = deployment["spec"]["template"]["spec"]
    replicas = deployment["spec"].get("replicas", 1)
    if blockers(pod, around):
        return 0
    modes = [set(around.claims[name]["spec"]["accessModes"]) for name in claims_of(pod)]
    if any(not each & {"ReadWriteMany", "ReadOnlyMany"} for each in modes):
        replicas = min(replicas, 1)
    fit = fitting(pod, around.nodes)
    within_reach = reaching(fit, volumes_of(pod, around))
    anti = (pod.get("affinity") or {}).get("podAntiAffinity") or {}
    required = anti.get("requiredDuringSchedulingIgnoredDuringExecution")
    if required or len(within_reach) < len(fit):
        replicas = min(replicas, len(within_reach))
    return replicas
