from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import IMAGE_PRUNERS, api, at


@resource_rule(
    title="The pruner keeps what a tag points to",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("ImagePruner spec.keepTagRevisions"),
    types=IMAGE_PRUNERS,
    why=(
        "keepTagRevisions counts the images that each tag keeps, the present one included. Under 1 "
        "every tag whose image no running pod, build or deployment names loses it, and a pruned "
        "image does not come back."
    ),
    source="openshift/api imageregistry/v1/types_imagepruner.go; OpenShift, pruning images",
    remedy="Set keepTagRevisions to at least what the minimumRevisions setting says.",
    settings={
        "minimumRevisions": {
            "type": "number",
            "minimum": 0,
            "default": 1,
            "description": "The fewest images that each tag keeps",
        }
    },
)
def pruner_keeps_tagged_images(pruner: Resource, settings: Settings) -> Iterator[str]:
    revisions = at(pruner.props, "spec", "keepTagRevisions")
    if isinstance(revisions, int | float) and revisions < settings["minimumRevisions"]:
        yield "spec.keepTagRevisions is smaller than the agreed minimum"
