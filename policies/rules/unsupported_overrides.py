from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIGS, api, at


@resource_rule(
    title="The registry's operator has no unsupported overrides",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=api("spec.unsupportedConfigOverrides"),
    types=CONFIGS,
    why=(
        "Red Hat does not support the field, and its use blocks cluster upgrades until it is "
        "taken out again."
    ),
    source="openshift/api operator/v1/types.go, OperatorSpec",
    remedy="Take spec.unsupportedConfigOverrides out.",
)
def unsupported_overrides(config: Resource, settings: Settings) -> Iterator[str]:
    if at(config.props, "spec", "unsupportedConfigOverrides"):
        yield "spec.unsupportedConfigOverrides is set"
