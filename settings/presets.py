"""Named defaults of a platform: a preset fills in what the stack file leaves out.

To add one, add a row. A preset's values are validated like the user's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CINDER = "cinder.csi.openstack.org"


@dataclass(frozen=True)
class Preset:
    """Defaults for the `create` or `adopt` of a storage class and of a claim."""

    meaning: str
    storage_class: Mapping[str, Any] = field(default_factory=dict)
    claim: Mapping[str, Any] = field(default_factory=dict)


PRESETS = {
    "cinder": Preset(
        "A Cinder volume on OpenStack (guide 3.5.1).",
        storage_class={
            "name": "custom-csi-storageclass",
            "provisioner": CINDER,
            "volumeBindingMode": "WaitForFirstConsumer",
            "allowVolumeExpansion": True,
        },
        claim={
            "name": "csi-pvc-imageregistry",
            "size": "100Gi",
            "accessModes": ["ReadWriteOnce"],
            "volumeMode": "Filesystem",
        },
    ),
}


def filled(storage: Any) -> Any:
    """The `storage` section with its preset's values in the places left open.

    Whatever is not given at all is created as the preset says. Anything that isn't
    understood is returned as it is, for the forms to refuse.
    """
    preset = _preset(storage)
    if preset is None:
        return storage
    claim = _filled(storage.get("claim", {"create": {}}), preset.claim)
    out = {**storage, "claim": claim}
    # A claim that is only used has its class already.
    if "storageClass" in storage or not (isinstance(claim, dict) and "use" in claim):
        out["storageClass"] = _filled(
            storage.get("storageClass", {"create": {}}), preset.storage_class
        )
    return out


def _preset(storage: Any) -> Preset | None:
    name = storage.get("preset") if isinstance(storage, dict) else None
    return PRESETS.get(name) if isinstance(name, str) else None


def _filled(choice: Any, defaults: Mapping[str, Any]) -> Any:
    if not isinstance(choice, dict):
        return choice
    return {
        mode: {**defaults, **fields}
        if mode in ("create", "adopt") and isinstance(fields, dict)
        else fields
        for mode, fields in choice.items()
    }
