"""How an object is marked as owned here, and what of an adopted one is not."""

from collections.abc import Mapping
from typing import Any

from pulumi import ResourceOptions

from settings.facts import ObjectFacts, labels
from settings.operator_spec import FIELD_MANAGER

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


def adoption(mine: Mapping[str, Any], live: ObjectFacts | None) -> ResourceOptions:
    """Import the object of this metadata, and leave to others what they have put on it.

    The import records everything that the object carries. What isn't ours of it would be
    planned for removal, so it is ignored: key by key where the live object was read,
    wholesale in a preview that could not read it.
    """
    ignored = ["metadata.finalizers"]
    if live is None:
        ignored += ["metadata.annotations", "metadata.labels"]
    else:
        for section, keys in (("annotations", live.annotations), ("labels", live.labels)):
            foreign = [key for key in keys if key not in mine[section]]
            ignored += [f'metadata.{section}["{key}"]' for key in foreign]
    place = f"{mine['namespace']}/" if "namespace" in mine else ""
    return ResourceOptions(import_=f"{place}{mine['name']}", ignore_changes=ignored)
