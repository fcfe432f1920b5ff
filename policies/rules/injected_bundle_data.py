from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._data import config_map_keys
from ._objects import CONFIG_MAPS, annotation, text

TRUSTED = "config.openshift.io/inject-trusted-cabundle"
SERVICE = "service.beta.openshift.io/inject-cabundle"


@resource_rule(
    title="Injected trust bundles are left to the operator that fills them",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=Framework("OpenShift Container Platform", "4.15", "certificate injection"),
    types=CONFIG_MAPS,
    why=(
        "The network operator writes the cluster's CAs into a ConfigMap with the label, the "
        "service CA operator its own into one with the annotation, and both again after every "
        "change. A stack that gives data too loses it, and every `up` or refresh then shows a "
        "difference and takes the CAs out until they are injected again."
    ),
    source=(
        "OpenShift, certificate injection using Operators; service CA certificates, "
        "add the service CA bundle to a config map"
    ),
    remedy=(
        "Leave data out of the map, with `ignore_changes` for it; keep CAs of your own in "
        "another map, or add them to the cluster's proxy."
    ),
)
def injected_bundle_data(config_map: Resource, settings: Settings) -> Iterator[str]:
    injected = (
        text(config_map.props, "metadata", "labels", TRUSTED) == "true"
        or annotation(config_map, SERVICE) == "true"
    )
    if injected and config_map_keys(config_map):
        yield "the map asks for an injected bundle and gives data too"
