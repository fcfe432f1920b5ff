from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._duration import seconds
from ._objects import IMAGE_PRUNERS, api, at


@resource_rule(
    title="The pruner leaves young images alone",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    framework=api("ImagePruner spec.keepYoungerThanDuration"),
    types=IMAGE_PRUNERS,
    why=(
        "An image that is being pushed has no tag yet, and one that was just built is in no pod: "
        "a pruner that does not wait takes them away in between. The operator's own default is an "
        "hour."
    ),
    source="openshift/api imageregistry/v1/types_imagepruner.go; OpenShift, pruning images",
    remedy="Set keepYoungerThanDuration to at least what the minimumMinutes setting says.",
    settings={
        "minimumMinutes": {
            "type": "number",
            "minimum": 0,
            "default": 60,
            "description": "The youngest age at which an image may be pruned, in minutes",
        }
    },
)
def pruner_keeps_young_images(pruner: Resource, settings: Settings) -> Iterator[str]:
    duration = at(pruner.props, "spec", "keepYoungerThanDuration")
    nanoseconds = at(pruner.props, "spec", "keepYoungerThan")
    minimum = settings["minimumMinutes"] * 60
    if duration is not None:
        age = seconds(duration)
        if age is None:
            yield "spec.keepYoungerThanDuration is not a duration"
        elif age < minimum:
            yield "spec.keepYoungerThanDuration is shorter than the agreed minimum"
    elif isinstance(nanoseconds, int | float) and nanoseconds / 1e9 < minimum:
        yield "spec.keepYoungerThan is shorter than the agreed minimum"
