from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._aws import KEY
from ._objects import at


@resource_rule(
    title="The keys of a stack are enabled",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=Framework("AWS KMS Developer Guide", "2014-11-01", "Enabling and disabling keys"),
    types=(KEY,),
    why=(
        "By a disabled key nothing is encrypted or decrypted: pushes and pulls fail with "
        "KMS.DisabledException, and the registry's pods are not ready."
    ),
    source="AWS KMS Developer Guide, enabling and disabling keys",
    remedy="Take isEnabled out of the key, or set it to true.",
)
def key_enabled(key: Resource, settings: Settings) -> Iterator[str]:
    if at(key.props, "isEnabled") is False:
        yield "isEnabled is false"
