from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIGS, at, guide


@resource_rule(
    title="The registry and its operator do not trace for good",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    framework=guide("2.5, spec.logLevel and spec.operatorLogLevel"),
    types=CONFIGS,
    why=(
        "Traces are for the hours in which a fault is looked for. They grow the logs manifold, "
        "and hold what requests and objects carry, for everybody who reads logs. For the registry "
        "itself Debug, Trace and TraceAll are one level."
    ),
    source="cluster-image-registry-operator pkg/resource/podtemplatespec.go, generateLogLevel",
    remedy="Write `Normal`, or leave the field out, once the fault is found.",
)
def registry_log_level(config: Resource, settings: Settings) -> Iterator[str]:
    for name in ("logLevel", "operatorLogLevel"):
        if at(config.props, "spec", name) in ("Trace", "TraceAll"):
            yield f"spec.{name} is a trace level"
