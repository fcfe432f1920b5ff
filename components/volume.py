"""The PersistentVolume of a claim, for storage that is there already."""

from typing import Any

from pulumi import ResourceOptions

from components.kubernetes_object import KubernetesObject
from components.ownership import adoption, metadata
from settings.facts import VolumeFacts
from settings.volume import OwnedVolume, VolumeSettings, volume_spec

IMMUTABLE = ["spec.nodeAffinity", "spec.volumeMode"]
"""Beside the source, of which the plugin knows."""

NOT_SAID = [
    # Whoever has made the volume knows how large it is, what it bears and where it can be reached;
    # that it will do for the claim was checked before the plan.
    "spec.accessModes",
    "spec.capacity",
    "spec.nodeAffinity",
    "spec.storageClassName",
    "spec.volumeAttributesClassName",
]
"""Not `spec.claimRef.uid`, by which the binder knows whom it has bound: ignored, the one of the
import would be applied ever after, also once the binder has put another in its place. Left out of
what is applied, it stays the binder's."""


def volume(
    wanted: VolumeSettings,
    claim: Any,
    cluster: str,
    live: VolumeFacts | None,
    opts: ResourceOptions,
) -> KubernetesObject | None:
    """Make or adopt the volume, kept for this claim; None for one that is only used.

    Refuses to make one that is deleted with its claim, or that another claim could get. Like the
    claim it is protected and retained. Where it is can't change: a plan that would move it shows a
    replacement, which `protect` refuses.
    """
    if wanted.mode == "use":
        return None
    owned = metadata(wanted, cluster)
    kept = ResourceOptions(protect=True, retain_on_delete=True, replace_on_changes=IMMUTABLE)
    if wanted.mode == "adopt":
        kept = ResourceOptions.merge(kept, adoption(owned, live, _left_alone(wanted, live)))
    return KubernetesObject(
        "core/v1",
        "v1",
        "PersistentVolume",
        wanted.name,
        {"metadata": owned, "spec": volume_spec(wanted, claim)},
        ResourceOptions.merge(opts, kept),
    )


def _left_alone(wanted: OwnedVolume, live: VolumeFacts | None) -> list[str]:
    """What an adopted volume has and the stack file doesn't say."""
    kind = wanted.source.kind
    has = live.source.get(kind, {}) if live else {}
    said = wanted.source.plain()[kind]
    unsaid = [f"spec.{kind}.{key}" for key in has if key not in said]
    return [*NOT_SAID, *unsaid, *([] if wanted.mount_options else ["spec.mountOptions"])]
