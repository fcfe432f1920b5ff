"""Storage on a PersistentVolumeClaim.

Makes (or adopts) a StorageClass and a claim in openshift-image-registry, the only
namespace where the operator looks. Refuses to make: the operator's own default claim
(a blank one), a claim that isn't protected, a volume of its own (that is the
provisioner's work).
"""

from pulumi import ComponentResource, Resource, ResourceOptions

from cluster.read import NAMESPACE
from components.binding import StorageBinding
from components.kubernetes_object import KubernetesObject
from components.ownership import adoption, metadata
from components.storage_class import storage_class
from settings.claim import ClaimSettings, ClaimStorage, StorageClassSettings
from settings.facts import ClaimFacts, LiveFacts

BINDING = [
    f"spec.{field}"
    for field in (
        "dataSource",
        "dataSourceRef",
        "selector",
        "volumeAttributesClassName",
        "volumeName",
    )
]
"""What ties an adopted claim to its volume: not settable here, and not to be taken out."""


class ClaimStorageComponent(ComponentResource):
    """A class and a claim as the stack file wants them; `binding` is what the registry needs."""

    binding: StorageBinding

    def __init__(
        self, storage: ClaimStorage, cluster: str, live: LiveFacts, opts: ResourceOptions
    ) -> None:
        name, wanted_class = storage.claim.name, storage.storage_class
        super().__init__("openshift-registry:storage:Claim", name, None, opts)
        child = ResourceOptions(parent=self)
        made: list[Resource] = []
        if wanted_class is not None:
            live_class = live.storage_classes.get(wanted_class.name)
            made_class = storage_class(wanted_class, cluster, live_class, child)
            made += [made_class] if made_class is not None else []
        if storage.claim.mode != "use":
            options = ResourceOptions.merge(child, ResourceOptions(depends_on=list(made)))
            made.append(
                _claim(storage.claim, wanted_class, cluster, live.claims.get(name), options)
            )
        self.binding = StorageBinding(storage.backend, storage.demands, tuple(made))
        self.register_outputs({"claim": name})


def _claim(
    wanted: ClaimSettings,
    wanted_class: StorageClassSettings | None,
    cluster: str,
    live: ClaimFacts | None,
    opts: ResourceOptions,
) -> KubernetesObject:
    owned = metadata(wanted, cluster, NAMESPACE, **_await(wanted_class))
    kept = ResourceOptions(protect=True, retain_on_delete=True)
    if wanted.mode == "adopt":
        kept = ResourceOptions.merge(kept, adoption(owned, live, BINDING))
    spec = {
        "accessModes": list(wanted.access_modes),
        "volumeMode": wanted.volume_mode,
        # A plain name, not the class's output: a change of the class must not look
        # like one of the claim.
        "storageClassName": wanted_class.name if wanted_class else None,
        "resources": {"requests": {"storage": wanted.size}},
    }
    return KubernetesObject(
        "core/v1",
        "v1",
        "PersistentVolumeClaim",
        wanted.name,
        {"metadata": owned, "spec": spec},
        ResourceOptions.merge(opts, kept),
    )


def _await(wanted_class: StorageClassSettings | None) -> dict[str, str]:
    """A volume made at once is waited for, so that the registry switches to one that exists.

    One made for its first consumer can't be: the registry's pod is that, and comes later. The
    plugin knows, but before 4.27 an update of a bound claim then waited in vain for it to be
    pending again (pulumi/pulumi-kubernetes issue 4179).
    """
    immediate = wanted_class is not None and wanted_class.mode != "use"
    immediate = immediate and wanted_class.volume_binding_mode == "Immediate"
    return {} if immediate else {"pulumi.com/skipAwait": "true"}
