"""Named defaults of a platform: a preset fills in what the stack file leaves out.

To add one, add a row. A preset's values are validated like the user's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from settings.provisioners import CINDER, NUTANIX, VSPHERE


@dataclass(frozen=True)
class Preset:
    """Defaults for what a claim needs: values by mode, as the stack file would say them.

    A class that is not given is `class_mode`; None leaves it to the stack file, since nobody
    else knows it. `replicas` are written unless the stack file gives a number.
    """

    meaning: str
    claim: Mapping[str, Any]
    class_mode: Literal["create", "use"] | None = None
    storage_class: Mapping[str, Any] = field(default_factory=dict)
    used_class: Mapping[str, Any] = field(default_factory=dict)
    replicas: int | None = None


def _claim(mode: str, name: str = "registry-storage-pvc") -> dict[str, Any]:
    """The guide asks for 100Gi everywhere."""
    return {"name": name, "size": "100Gi", "accessModes": [mode], "volumeMode": "Filesystem"}


PRESETS = {
    "cinder": Preset(
        "A Cinder volume on OpenStack, one replica (guide 3.5.1).",
        claim=_claim("ReadWriteOnce", "csi-pvc-imageregistry"),
        class_mode="create",
        storage_class={
            "name": "custom-csi-storageclass",
            "provisioner": CINDER,
            "volumeBindingMode": "WaitForFirstConsumer",
            "allowVolumeExpansion": True,
        },
    ),
    "vsphere": Preset(
        "A VMDK on vSphere, one replica (guide 3.7.3.3).",
        claim=_claim("ReadWriteOnce"),
        class_mode="use",
        # Made by OpenShift's own vSphere storage operator.
        used_class={"name": "thin-csi"},
        storage_class={
            "provisioner": VSPHERE,
            "volumeBindingMode": "WaitForFirstConsumer",
            "allowVolumeExpansion": True,
        },
    ),
    "nutanix": Preset(
        "A Nutanix volume, one replica (guide 3.9.3.3).",
        claim=_claim("ReadWriteOnce"),
        class_mode="use",
        # What Nutanix's documentation calls the class that the administrator makes.
        used_class={"name": "nutanix-volume"},
        storage_class={
            "name": "nutanix-volume",
            "provisioner": NUTANIX,
            "volumeBindingMode": "WaitForFirstConsumer",
            "allowVolumeExpansion": True,
        },
    ),
    "cephfs": Preset(
        "A share of OpenShift Data Foundation's CephFS, two replicas (guide 3.6.4, 3.7.4, 3.8.3, "
        "3.9.4).",
        claim=_claim("ReadWriteMany"),
        class_mode="use",
        used_class={"name": "ocs-storagecluster-cephfs"},
        replicas=2,
    ),
    "shared": Preset(
        "Shared files of any kind, two replicas (guide 3.6.3.1, 3.7.3.1, 3.9.3.1). Class or volume "
        "must be given.",
        claim=_claim("ReadWriteMany"),
        replicas=2,
    ),
    "block": Preset(
        "A block device of any kind, one replica (guide 3.6.3.3). Class or volume must be given.",
        claim=_claim("ReadWriteOnce"),
    ),
}


def filled(storage: Any) -> Any:
    """The `storage` section with its preset's values in the places left open.

    Whatever is not given at all is made or used as the preset says. Anything that isn't
    understood is returned as it is, for the forms to refuse.
    """
    preset = preset_of(storage)
    if preset is None:
        return storage
    claim = _filled(storage.get("claim", {"create": {}}), create=preset.claim, adopt=preset.claim)
    out = {**storage, "claim": claim}
    given = storage.get("storageClass")
    # A claim that is only used has its class already, and a volume made here has none.
    needed = preset.class_mode and not _has_its_own(claim) and "volume" not in storage
    if given is None and needed and "storageClass" not in storage:
        given = {preset.class_mode: {}}
    if given is not None:
        out["storageClass"] = _filled(
            given, create=preset.storage_class, adopt=preset.storage_class, use=preset.used_class
        )
    return out


def preset_of(storage: Any) -> Preset | None:
    """The preset that a `storage` section names."""
    name = storage.get("preset") if isinstance(storage, dict) else None
    return PRESETS.get(name) if isinstance(name, str) else None


def _has_its_own(claim: Any) -> bool:
    return isinstance(claim, dict) and bool({"use", "blank"} & claim.keys())


def _filled(choice: Any, **defaults: Mapping[str, Any]) -> Any:
    if not isinstance(choice, dict):
        return choice
    return {
        mode: {**defaults.get(mode, {}), **fields} if isinstance(fields, dict) else fields
        for mode, fields in choice.items()
    }
