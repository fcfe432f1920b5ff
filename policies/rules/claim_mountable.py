from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CLAIM, access_modes, at, is_registry_claim, kubernetes


@resource_rule(
    title="The registry can mount its claims",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=kubernetes("PersistentVolumeClaim spec.accessModes, spec.volumeMode"),
    types=(CLAIM,),
    why=(
        "The registry mounts the claim as a file system at /registry and writes to it: a raw "
        "block device can't be mounted, and the operator refuses a claim whose access modes "
        "hold neither ReadWriteMany nor ReadWriteOnce."
    ),
    source="cluster-image-registry-operator pkg/storage/pvc/pvc.go, Volumes and checkPVC",
    remedy="Use volumeMode Filesystem, and ReadWriteMany or ReadWriteOnce in spec.accessModes.",
)
def claim_mountable(claim: Resource, settings: Settings) -> Iterator[str]:
    if not is_registry_claim(claim):
        return
    if at(claim.props, "spec", "volumeMode") == "Block":
        yield "spec.volumeMode is Block"
    modes = access_modes(claim)
    if "ReadWriteMany" not in modes and "ReadWriteOnce" not in modes:
        yield "spec.accessModes hold neither ReadWriteMany nor ReadWriteOnce"
