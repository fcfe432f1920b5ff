from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIGS, at, guide


@resource_rule(
    title="emptyDir holds images in development only",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("3.6.3.2"),
    types=CONFIGS,
    why=(
        "An empty directory is for non-production clusters only: it lives and dies with the "
        "registry's pod, so all images are lost whenever the registry restarts, be it for an "
        "upgrade, a drained node or a change of its configuration."
    ),
    source="registry guide 3.6.3.2: configure this option for only non-production clusters",
    remedy="Use storage that outlives a pod, or render the policies for development.",
    settings={
        "environment": {
            "type": "string",
            "enum": ["production", "staging", "development"],
            "default": "production",
            "description": "What the cluster is for",
        }
    },
)
def empty_dir_development_only(config: Resource, settings: Settings) -> Iterator[str]:
    if settings["environment"] == "development":
        return
    if at(config.props, "spec", "storage", "emptyDir") is not None:
        yield "spec.storage is emptyDir outside development"
