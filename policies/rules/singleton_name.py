from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import SINGLETON_PATCHES, at, plugin


@resource_rule(
    title="Patches of singletons are named cluster",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("server-side apply"),
    types=SINGLETON_PATCHES,
    why=(
        "A patch is a server-side apply: where no object has the name, the API server makes one. "
        "A misspelt name leaves the real object as it was and a second one beside it that no "
        "operator reads."
    ),
    source="pulumi/pulumi-kubernetes issue 2194",
    remedy="Set metadata.name to `cluster`.",
)
def singleton_name(patch: Resource, settings: Settings) -> Iterator[str]:
    if at(patch.props, "metadata", "name") != "cluster":
        yield "metadata.name is not cluster"
