"""How an object is marked as owned here, and what of an adopted one is not."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi import ResourceOptions

from settings.facts import ObjectFacts, labels
from settings.names import FIELD_MANAGER

ANNOTATIONS = {
    # Fixed: a state made anew must find its own fields again, not leave an orphan owner.
    "pulumi.com/patchFieldManager": FIELD_MANAGER,
    # What the stack file sets is ours, whoever has set it before or since.
    "pulumi.com/patchForce": "true",
}


def metadata(
    wanted: Any, cluster: str, namespace: str | None = None, **annotations: str
) -> dict[str, Any]:
    """The metadata of an object that a settings form describes, marked as owned by the cluster's
    stack, so that another stack sees that it is taken."""
    place = {"namespace": namespace} if namespace else {}
    return {
        "name": wanted.name,
        **place,
        "labels": {**getattr(wanted, "labels", {}), **labels(cluster)},
        "annotations": {**getattr(wanted, "annotations", {}), **annotations, **ANNOTATIONS},
    }


def adoption(
    mine: Mapping[str, Any], live: ObjectFacts | None, left_alone: Sequence[str]
) -> ResourceOptions:
    """Import the object of this metadata, and leave to others what they have put on it.

    The import records everything that the object carries. What isn't ours of it would be
    planned for removal, so it is ignored: of the metadata key by key, and `left_alone`. A
    preview that could not read the object ignores its metadata wholesale, and does not ask
    for the import either, which it could not do.
    """
    ignored = ["metadata.finalizers", *left_alone]
    if live is None:
        return ResourceOptions(ignore_changes=[*ignored, "metadata.annotations", "metadata.labels"])
    for section, keys in (("annotations", live.annotations), ("labels", live.labels)):
        foreign = [key for key in keys if key not in mine[section]]
        ignored += [f'metadata.{section}["{key}"]' for key in foreign]
    place = f"{mine['namespace']}/" if "namespace" in mine else ""
    return ResourceOptions(import_=f"{place}{mine['name']}", ignore_changes=ignored)
