"""Storage on a PersistentVolumeClaim: `kind: claim`."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, model_validator

from settings.choice import ExactlyOne, Mode, chosen
from settings.form import Form, Maybe, entry
from settings.labels import Annotations, Labels
from settings.presets import PRESETS, filled
from settings.quantities import Size
from settings.replaced import Replaced
from settings.storage_class import StorageClass
from settings.storage_class import StorageClassSettings as StorageClassSettings
from settings.types import ObjectName, OneOf

ACCESS_MODES = ("ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany", "ReadWriteOncePod")

AccessMode = Annotated[str, OneOf(*ACCESS_MODES)]


class _OwnedClaim(Form):
    """A claim in openshift-image-registry, the only namespace where the operator looks."""

    name: ObjectName = entry("Name of the claim.", default=..., example="registry", guide="3.5.1")
    size: Size = entry(
        "Requested capacity, a Kubernetes quantity.", default=..., example="100Gi", guide="3.5.1"
    )
    access_modes: list[AccessMode] = entry(
        "ReadWriteOnce binds the registry to one replica and rolloutStrategy Recreate; "
        "ReadWriteMany takes any number of replicas.",
        default=...,
        example=["ReadWriteOnce"],
        guide="3.5.1",
    )
    volume_mode: Annotated[str, OneOf("Filesystem", "Block")] = entry(
        "Filesystem; Block is refused, because the registry mounts a file system.",
        default="Filesystem",
        guide="3.5.1",
    )
    annotations: Annotations = entry("Further annotations of the claim.", default=dict)
    labels: Labels = entry("Further labels of the claim.", default=dict)


class CreatedClaim(_OwnedClaim):
    """A claim made and owned here."""

    mode: ClassVar[Mode] = "create"


class AdoptedClaim(_OwnedClaim):
    """A claim that exists, imported with these fields, and owned here from then on."""

    mode: ClassVar[Mode] = "adopt"


class UsedClaim(Form):
    """A claim that is referred to and never written."""

    mode: ClassVar[Mode] = "use"

    name: ObjectName = entry("Name of the claim.", default=..., example="image-registry-storage")
    access_modes: Maybe[list[AccessMode]] = entry(
        "Read from the live claim; give them when a preview must judge without it."
    )


class ClaimChoice(ExactlyOne):
    """The claim the registry keeps its images on."""

    one_of: ClassVar[str] = "of create, adopt and use"

    create: Maybe[CreatedClaim] = entry("Make the claim and own it.")
    adopt: Maybe[AdoptedClaim] = entry("Import the claim, then own it. Give what it has.")
    use: Maybe[UsedClaim] = entry("Refer to a claim and never write it.")


ClaimSettings = CreatedClaim | AdoptedClaim | UsedClaim


class ClaimStorage(Form):
    """The registry's images on one claim (guide 3.5 for Cinder; any provisioner will do).

    `storage_class` and `claim` are the chosen forms, `mode` says which, and the values of a
    preset are filled in. `storage_class` is None when the claim is only used.
    """

    not_settable: ClassVar[dict[str, str]] = {
        "managementState": "is always Unmanaged: under Managed the operator deletes the storage "
        "when the registry is set to Removed",
        "pvc": "is written by the stack from the name of the claim",
    }

    kind: Literal["claim"] = entry("`claim`: storage on a PersistentVolumeClaim.", default=...)
    preset: Maybe[Annotated[str, OneOf(*PRESETS)]] = entry(
        "Fills in what is left out below with a platform's defaults.", example="cinder"
    )
    storage_class: Maybe[StorageClass] = entry(
        "The class of the claim. Without a preset it must be given for a claim that is created "
        "or adopted; with one it is created unless given. A used claim has its class already.",
        guide="3.5.1",
    )
    claim: Annotated[ClaimChoice, AfterValidator(chosen)] = entry(
        "The claim. With a preset it is created unless given.",
        default=...,
        example={"use": {"name": "registry"}},
        guide="3.5.1",
    )
    replaces: Maybe[Replaced] = entry(
        "The storage that the registry has now and that this stack takes it away from, spelled "
        "as `spec.storage` of the custom resource. Images are not moved.",
        example={"pvc": {"claim": "image-registry-storage"}},
        guide="3.5.1",
    )

    @model_validator(mode="before")
    @classmethod
    def _with_preset(cls, value: Any) -> Any:
        return filled(value)

    @property
    def access_modes(self) -> tuple[str, ...] | None:
        """None when only the live claim knows."""
        modes = self.claim.access_modes
        return None if modes is None else tuple(modes)

    @property
    def demands(self) -> dict[str, Any]:
        """Fields of the operator's spec without which this storage does not work
        (cluster-image-registry-operator pkg/storage/pvc/pvc.go, checkPVC)."""
        if self.access_modes is None or "ReadWriteMany" in self.access_modes:
            return {}
        return {"replicas": 1, "rolloutStrategy": "Recreate"}

    @property
    def backend(self) -> dict[str, Mapping[str, Any]]:
        """The backend key of the operator's `spec.storage`, and its block."""
        return {"pvc": {"claim": self.claim.name}}
