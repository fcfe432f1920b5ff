from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._objects import api
from ._openstack import DECIDING, STORE
from ._unknown import judge_known_first


@stack_rule(
    title="The registry uses the container that its stack makes, on Swift",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.storage.swift.container"),
    types=DECIDING,
    why=(
        "A container that is made for the registry and not named by it stays empty, while the "
        "images go to another one that nobody looks after: the operator makes one itself if none "
        "is named."
    ),
    source="cluster-image-registry-operator pkg/storage/swift/swift.go, CreateStorage",
    remedy="Write the container's name in spec.storage.swift.container.",
)
def registry_swift_named(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    containers = STORE.all(resources)

    def check(config: Resource) -> Iterator[tuple[Resource, str]]:
        if containers and not any(STORE.is_named(each, config) for each in containers):
            yield config, "spec.storage.swift.container is none of the stack's containers"

    yield from judge_known_first(STORE.configs(resources) if containers else (), check)
