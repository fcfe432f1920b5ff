from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import at, text
from ._openstack import DECIDING, STORE, swift


@stack_rule(
    title="What is pruned is not kept for ever, on Swift",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    framework=swift("Object Versioning"),
    types=DECIDING,
    why=(
        "With versions Swift keeps each object that is overwritten or deleted, and has no rule "
        "that clears them away: the parts of every upload and all that is pruned stay and are "
        "paid for. Versions that are kept in the container itself are images twice over, and "
        "`versions` instead of `history` brings an old one back at each deletion."
    ),
    source="OpenStack Swift documentation, object versioning",
    remedy=(
        "Take versioning and versioningLegacy out of the container; or keep them, with type "
        "history and another container as location, and write an exception that says who clears "
        "it."
    ),
)
def swift_container_versions(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    for container in STORE.of_registry(resources):
        if at(container.props, "versioning"):
            yield container, "versioning is on"
        if at(container.props, "versioningLegacy") is not None:
            yield container, "versioningLegacy is set"
            if (text(container.props, "versioningLegacy", "type") or "").lower() != "history":
                yield container, "versioningLegacy.type is not history"
