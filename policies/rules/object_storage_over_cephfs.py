from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import CLAIM, IMAGE_REGISTRY, STORAGE_CLASS, entries, guide, text
from ._volumes import registry_claims

OBJECT_CLASSES = ("*ceph-rgw*", "openshift-storage.noobaa.io")
# What Rook and NooBaa serve object bucket claims with; the operator's namespace stands in front.
OBJECT_PROVISIONERS = (".ceph.rook.io/bucket", "noobaa.io/obc")
CEPHFS_CLASSES = ("ocs-*cephfs*",)
CEPHFS_PROVISIONER = "cephfs.csi.ceph.com"


@stack_rule(
    title="The registry is not on CephFS where the cluster has object storage",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    framework=guide("3.6.4, 3.7.4, 3.8.3 and 3.9.4"),
    types=(CLAIM, STORAGE_CLASS, IMAGE_REGISTRY),
    why=(
        "CephFS is used through a persistent volume claim, and claims are not recommended for "
        "images where there is another option, such as Ceph RGW or NooBaa. Both come with "
        "OpenShift Data Foundation, mostly beside CephFS. What the cluster has is known from the "
        "stack's ImageRegistry; where that could not read it, nothing is said."
    ),
    source="registry guide 3.6.4, note",
    remedy="Claim a bucket from the RGW or NooBaa class and use it as `s3` storage.",
)
def object_storage_over_cephfs(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    classes = [each for each in resources if each.resource_type == STORAGE_CLASS]
    made = {
        text(each.props, "metadata", "name"): text(each.props, "provisioner") for each in classes
    }
    on_cephfs = [each for each in registry_claims(resources) if _is_on_cephfs(each, made)]
    if not on_cephfs:
        return
    # Lazily: what the claims leave undecided need not be known.
    offered = any(str(each).endswith(OBJECT_PROVISIONERS) for each in made.values()) or any(
        _matches(name, OBJECT_CLASSES)
        for registry in resources
        if registry.resource_type == IMAGE_REGISTRY
        for name in entries(registry.props, "storageClasses")
    )
    if offered:
        for claim in on_cephfs:
            yield claim, "the claim is on CephFS and the cluster has a class of object storage"


def _is_on_cephfs(claim: Resource, made: dict[str | None, str | None]) -> bool:
    name = text(claim.props, "spec", "storageClassName")
    if name in made:
        return str(made[name]).endswith(CEPHFS_PROVISIONER)
    return _matches(name, CEPHFS_CLASSES)


def _matches(name: object, patterns: Sequence[str]) -> bool:
    return isinstance(name, str) and any(fnmatchcase(name, pattern) for pattern in patterns)
