from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import CLAIM, STORAGE_CLASS, at, guide, text
from ._volumes import VOLUMES, can_bind, registry_claims, registry_volumes

CSI_DRIVER = "nfs.csi.k8s.io"
# Each mounts exports of a plain NFS server. What a vendor brings (Trident, Manila, Azure Files)
# has a driver of its own and is not meant.
NFS_PROVISIONERS = (
    CSI_DRIVER,
    "k8s-sigs.io/nfs-subdir-external-provisioner",
    "cluster.local/nfs",
    "fuseim.pri/ifs",
)


@stack_rule(
    title="The registry's images are not on RHEL's NFS server",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    framework=guide("3.7.3.1"),
    types=(CLAIM, STORAGE_CLASS, *VOLUMES),
    why=(
        "Testing shows issues with the NFS server on RHEL as storage for core services, the "
        "registry among them; it is not recommended. Other NFS implementations might not have "
        "these issues. A plan can't tell which server it is."
    ),
    source="registry guide 3.7.3.1",
    remedy=(
        "Use object storage or another class; if the server is not RHEL's, ask its vendor for "
        "what was tested with OpenShift's core services and write an exception."
    ),
    settings={
        "nfsStorageClasses": {
            "type": "array",
            "items": {"type": "string"},
            "default": ["nfs-client", "nfs-csi"],
            "description": "Classes of a plain NFS server that the stack uses without making them",
        }
    },
)
def rhel_nfs(resources: Sequence[Resource], settings: Settings) -> Iterator[tuple[Resource, str]]:
    for volume in registry_volumes(resources):
        if _is_nfs(volume):
            yield volume, "the volume is reserved for the registry and is on NFS"
    made = {
        text(each.props, "metadata", "name"): text(each.props, "provisioner")
        for each in resources
        if each.resource_type == STORAGE_CLASS
    }
    volumes = [each for each in resources if each.resource_type in VOLUMES]
    for claim in registry_claims(resources):
        name = text(claim.props, "spec", "storageClassName")
        if name in made:
            on_nfs = str(made[name]).startswith(NFS_PROVISIONERS)
        else:
            on_nfs = name in settings["nfsStorageClasses"]
        if on_nfs:
            yield claim, "the claim's class serves NFS"
        elif any(can_bind(claim, volume) and _is_nfs(volume) for volume in volumes):
            yield claim, "the claim can bind a volume of this stack that is on NFS"


def _is_nfs(volume: Resource) -> bool:
    return at(volume.props, "spec", "nfs") is not None or (
        text(volume.props, "spec", "csi", "driver") == CSI_DRIVER
    )
