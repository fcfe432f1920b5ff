"""Storage on a PersistentVolumeClaim.

Makes (or adopts) a StorageClass or a static volume, and a claim in openshift-image-registry,
the only namespace where the operator looks. Refuses to make: the operator's own default
claim (a blank one is left to it), a claim that isn't protected.
"""

from pulumi import ComponentResource, Resource, ResourceOptions

from components.binding import StorageBinding
from components.kubernetes_object import KubernetesObject
from components.ownership import adoption, metadata
from components.storage_class import storage_class
from components.volume import volume
from settings.claim import ClaimStorage, OwnedClaim
from settings.facts import ClaimFacts, LiveFacts
from settings.names import NAMESPACE

BINDING = [
    f"spec.{field}"
    for field in ("dataSource", "dataSourceRef", "selector", "volumeAttributesClassName")
]
"""What ties an adopted claim to its volume: not settable here, and not to be taken out."""


class ClaimStorageComponent(ComponentResource):
    """What the stack file wants of them; `binding` is what the registry needs."""

    binding: StorageBinding

    def __init__(
        self, storage: ClaimStorage, cluster: str, live: LiveFacts, opts: ResourceOptions
    ) -> None:
        name, wanted_class, wanted_volume = (
            storage.claim.name,
            storage.storage_class,
            storage.volume,
        )
        super().__init__("openshift-registry:storage:Claim", name, None, opts)
        child = ResourceOptions(parent=self)
        made: list[Resource | None] = []
        if wanted_class is not None:
            live_class = (live.storage_classes or {}).get(wanted_class.name)
            made.append(storage_class(wanted_class, cluster, live_class, child))
        if wanted_volume is not None:
            live_volume = live.volumes.get(wanted_volume.name)
            made.append(volume(wanted_volume, storage.claim, cluster, live_volume, child))
        if isinstance(storage.claim, OwnedClaim):
            before = [each for each in made if each is not None]
            options = ResourceOptions.merge(child, ResourceOptions(depends_on=before))
            made.append(_claim(storage, storage.claim, cluster, live.claims.get(name), options))
        self.binding = StorageBinding(
            storage.backend, storage.demands, tuple(each for each in made if each is not None)
        )
        self.register_outputs({"claim": name})


def _claim(
    storage: ClaimStorage,
    wanted: OwnedClaim,
    cluster: str,
    live: ClaimFacts | None,
    opts: ResourceOptions,
) -> KubernetesObject:
    owned = metadata(wanted, cluster, NAMESPACE, **_await(storage))
    kept = ResourceOptions(protect=True, retain_on_delete=True)
    # A claim that has a volume keeps it: the API server lets nobody take its name out.
    left_alone = [] if storage.volume else ["spec.volumeName"]
    if wanted.mode == "adopt":
        alone = adoption(owned, live, [*BINDING, *left_alone])
    else:
        alone = ResourceOptions(ignore_changes=left_alone)
    kept = ResourceOptions.merge(kept, alone)
    spec = {
        "accessModes": list(wanted.access_modes),
        "volumeMode": wanted.volume_mode,
        # Plain names, not outputs: a change of the class must not look like one of the claim.
        "storageClassName": storage.storage_class.name if storage.storage_class else "",
        "volumeName": storage.volume.name if storage.volume else None,
        "resources": {"requests": {"storage": wanted.size}},
    }
    return KubernetesObject(
        "core/v1",
        "v1",
        "PersistentVolumeClaim",
        wanted.name,
        {"metadata": owned, "spec": {key: each for key, each in spec.items() if each is not None}},
        ResourceOptions.merge(opts, kept),
    )


def _await(storage: ClaimStorage) -> dict[str, str]:
    """A volume made at once is waited for, so that the registry switches to one that exists.

    One made for its first consumer can't be: the registry's pod is that, and comes later. The
    plugin knows, but before 4.27 an update of a bound claim then waited in vain for it to be
    pending again (pulumi/pulumi-kubernetes issue 4179).
    """
    wanted_class = storage.storage_class
    if storage.volume is not None and wanted_class is None:
        return {}
    immediate = wanted_class is not None and wanted_class.mode != "use"
    immediate = immediate and wanted_class.volume_binding_mode == "Immediate"
    return {} if immediate else {"pulumi.com/skipAwait": "true"}
