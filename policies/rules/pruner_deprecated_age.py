from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import IMAGE_PRUNERS, api, at


@resource_rule(
    title="The pruner's age is a duration",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    framework=api("ImagePruner spec.keepYoungerThan"),
    types=IMAGE_PRUNERS,
    why=(
        "keepYoungerThan counts nanoseconds and is deprecated: a 60 that was meant as minutes "
        "keeps nothing. keepYoungerThanDuration wins where both are set."
    ),
    source="openshift/api imageregistry/v1/types_imagepruner.go; openshift-docs pull request 23824",
    remedy="Write keepYoungerThanDuration instead, as in `keepYoungerThanDuration: 60m`.",
)
def pruner_deprecated_age(pruner: Resource, settings: Settings) -> Iterator[str]:
    if at(pruner.props, "spec", "keepYoungerThan") is not None:
        yield "spec.keepYoungerThan is deprecated"
