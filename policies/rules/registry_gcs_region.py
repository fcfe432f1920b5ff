from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._google import DECIDING, STORE
from ._objects import api, text
from ._unknown import judge_known_first


@stack_rule(
    title="The registry looks for its bucket in the bucket's project and region",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=api("spec.storage.gcs.region and projectID"),
    types=DECIDING,
    why=(
        "Without region the operator writes the cluster's own region and project over both: a "
        "projectID beside it is lost, without a word, and the registry looks for its bucket in "
        "the cluster's project."
    ),
    source="cluster-image-registry-operator pkg/storage/gcs/gcs.go, getGCSClient",
    remedy="Write the bucket's location in spec.storage.gcs.region, and projectID beside it.",
)
def registry_gcs_region(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    def check(config: Resource) -> Iterator[tuple[Resource, str]]:
        region = text(config.props, "spec", "storage", "gcs", "region")
        project = text(config.props, "spec", "storage", "gcs", "projectID")
        if project and not region:
            yield config, "spec.storage.gcs.projectID is set without region, and is lost"
        for bucket in STORE.all(resources):
            if (region or project) and STORE.is_named(bucket, config):
                location = text(bucket.props, "location") if region else None
                if location and (region or "").lower() != location.lower():
                    yield config, "spec.storage.gcs.region is not the location of its bucket"
                owner = text(bucket.props, "project") if project else None
                if owner and owner != project:
                    yield config, "spec.storage.gcs.projectID is not the project of its bucket"

    yield from judge_known_first(STORE.configs(resources), check)
