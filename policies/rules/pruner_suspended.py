from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import IMAGE_PRUNERS, api, at


@resource_rule(
    title="The pruner runs",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    framework=api("ImagePruner spec.suspend"),
    types=IMAGE_PRUNERS,
    why=(
        "Nothing else takes images away: the storage grows until a full volume fails pushes or a "
        "bucket's bill is noticed, and etcd grows with it."
    ),
    source="OpenShift, automatically pruning images",
    remedy="Take `suspend: true` out, or write down with an exception what prunes instead.",
)
def pruner_suspended(pruner: Resource, settings: Settings) -> Iterator[str]:
    if at(pruner.props, "spec", "suspend") is True:
        yield "spec.suspend stops the pruner"
