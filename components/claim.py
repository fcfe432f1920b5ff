"""Storage on a PersistentVolumeClaim.

Makes (or adopts) a StorageClass and a claim in openshift-image-registry, the only
namespace where the operator looks. Refuses to make: the operator's own default claim
(a blank one), a claim that isn't protected, a volume of its own (that is the
provisioner's work).
"""

from typing import Any

from pulumi import ComponentResource, Resource, ResourceOptions
from pulumi_kubernetes.core.v1 import PersistentVolumeClaim

from cluster.read import NAMESPACE
from components.binding import StorageBinding
from components.ownership import ANNOTATIONS, FOREIGN, labels
from components.storage_class import storage_class
from settings.claim import ClaimSettings, ClaimStorage


class ClaimStorageComponent(ComponentResource):
    """A class and a claim as the stack file wants them; `binding` is what the registry needs."""

    binding: StorageBinding

    def __init__(self, name: str, storage: ClaimStorage, cluster: str, opts: ResourceOptions):
        super().__init__("openshift-registry:storage:Claim", name, None, opts)
        child = ResourceOptions(parent=self)
        made: list[Resource] = []
        if storage.storage_class is not None:
            made_class = storage_class(storage.storage_class, cluster, child)
            made += [made_class] if made_class is not None else []
        if storage.claim.mode != "use":
            class_name = storage.storage_class.name if storage.storage_class else None
            options = ResourceOptions.merge(child, ResourceOptions(depends_on=list(made)))
            made.append(_claim(storage.claim, class_name, cluster, options))
        self.binding = StorageBinding(
            backend={"pvc": {"claim": storage.claim.name}},
            demands=storage.demands,
            made_by=tuple(made),
        )
        self.register_outputs({"claim": storage.claim.name})


def _claim(
    wanted: ClaimSettings, class_name: str | None, cluster: str, opts: ResourceOptions
) -> PersistentVolumeClaim:
    adopted = wanted.mode == "adopt"
    metadata: dict[str, Any] = {"name": wanted.name, "namespace": NAMESPACE}
    if not adopted:
        metadata["labels"] = {**wanted.labels, **labels(cluster)}
        metadata["annotations"] = {**wanted.annotations, **ANNOTATIONS}
    return PersistentVolumeClaim(
        wanted.name,
        metadata=metadata,
        spec={
            "access_modes": list(wanted.access_modes),
            "volume_mode": wanted.volume_mode,
            # A plain name, not the class's output: replacing the class must not look
            # like a change of the claim.
            "storage_class_name": class_name,
            "resources": {"requests": {"storage": wanted.size}},
        },
        opts=ResourceOptions.merge(
            opts,
            ResourceOptions(
                import_=f"{NAMESPACE}/{wanted.name}" if adopted else None,
                ignore_changes=FOREIGN if adopted else None,
                protect=True,
                retain_on_delete=True,
            ),
        ),
    )
