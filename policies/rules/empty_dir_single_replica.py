from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIGS, api, at, has_replicas


@resource_rule(
    title="A registry on emptyDir has one replica",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.storage.emptyDir"),
    types=CONFIGS,
    why=(
        "Each pod has an emptyDir of its own: an image pushed to one replica is unknown to the "
        "other, so pulls succeed or fail by chance. The operator does not refuse it."
    ),
    source="openshift/api imageregistry/v1/types.go; openshift-kni/baremetal-deploy issue 434",
    remedy="Set spec.replicas to 1, or use storage that all replicas share.",
)
def empty_dir_single_replica(config: Resource, settings: Settings) -> Iterator[str]:
    if at(config.props, "spec", "storage", "emptyDir") is not None and has_replicas(config):
        yield "spec.replicas is more than 1 and the storage is emptyDir"
