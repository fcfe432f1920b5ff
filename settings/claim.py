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
from settings.volume import Volume

ACCESS_MODES = ("ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany", "ReadWriteOncePod")

AccessMode = Annotated[str, OneOf(*ACCESS_MODES)]


class _OwnedClaim(Form):
    """A claim in openshift-image-registry, the only namespace where the operator looks."""

    not_settable: ClassVar[dict[str, str]] = {
        "namespace": "is always openshift-image-registry: the operator looks nowhere else"
    }

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


OPERATOR_CLAIM = "image-registry-storage"
"""The claim that the operator makes when none is named (pkg/storage/pvc/pvc.go)."""


class BlankClaim(Form):
    """No claim is named: the operator makes one of 100Gi, ReadWriteMany, on the cluster's
    default class, or takes the one that it has made before."""

    mode: ClassVar[Literal["blank"]] = "blank"
    name: ClassVar[str] = OPERATOR_CLAIM
    access_modes: ClassVar[None] = None


class ClaimChoice(ExactlyOne):
    """The claim the registry keeps its images on."""

    one_of: ClassVar[str] = "of create, adopt, use and blank"

    create: Maybe[CreatedClaim] = entry("Make the claim and own it.")
    adopt: Maybe[AdoptedClaim] = entry("Import the claim, then own it. Give what it has.")
    use: Maybe[UsedClaim] = entry("Refer to a claim and never write it.")
    blank: Maybe[BlankClaim] = entry(
        f"`blank: {{}}` names none: the operator makes {OPERATOR_CLAIM} on the cluster's default "
        "class, 100Gi and ReadWriteMany.",
        guide="3.6.3.1",
    )


OwnedClaim = CreatedClaim | AdoptedClaim


class ClaimStorage(Form):
    """The registry's images on one claim (guide 3.5 to 3.9; any provisioner will do).

    `storage_class`, `volume` and `claim` are the chosen forms, `mode` says which, and the
    values of a preset are filled in. `storage_class` is None when the claim is only used or
    left blank, and for a volume that has none.
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
        "The class of the claim. A claim that is created or adopted needs one, or a volume; "
        "most presets know it. A used claim has its class already.",
        guide="3.5.1",
    )
    volume: Maybe[Volume] = entry(
        "The volume of the claim, where nothing provisions one. A volume that is made or adopted "
        "here belongs to no class; one that is only used may.",
        guide="3.6.3.3",
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
    def suggests(self) -> dict[str, Any]:
        """Fields of the operator's spec that the preset gives unless the stack file does."""
        preset = PRESETS[self.preset] if self.preset else None
        return {"replicas": preset.replicas} if preset and preset.replicas else {}

    @property
    def demands(self) -> dict[str, Any]:
        """Fields of the operator's spec without which this storage does not work
        (cluster-image-registry-operator pkg/storage/pvc/pvc.go, checkPVC)."""
        if self.access_modes is None or "ReadWriteMany" in self.access_modes:
            return {}
        return {"replicas": 1, "rolloutStrategy": "Recreate"}

    @property
    def backend(self) -> dict[str, Mapping[str, Any]]:
        """The backend key of the operator's `spec.storage`, and its block as written."""
        return {"pvc": {} if self.claim.mode == "blank" else {"claim": self.claim.name}}
