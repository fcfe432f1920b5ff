from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import STORAGE_CLASS, kubernetes, text


@resource_rule(
    title="Storage classes name a CSI driver, not an in-tree provisioner",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    framework=kubernetes("StorageClass provisioner"),
    types=(STORAGE_CLASS,),
    why=(
        "The in-tree provisioners (kubernetes.io/cinder and its like) are out of Kubernetes: the "
        "names live on only where CSI migration translates them, and parameters that a driver "
        "took over since, such as zones, differ. kubernetes.io/no-provisioner is none of them."
    ),
    source="openshift/installer issue 4806; Kubernetes, volumes, CSI migration",
    remedy="Name the platform's CSI driver, as cinder.csi.openstack.org in the guide.",
)
def storage_class_provisioner(storage_class: Resource, settings: Settings) -> Iterator[str]:
    provisioner = text(storage_class.props, "provisioner") or ""
    if provisioner.startswith("kubernetes.io/") and provisioner != "kubernetes.io/no-provisioner":
        yield "provisioner is an in-tree one"
