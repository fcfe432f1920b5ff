import re
from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._data import config_map_entries, shown
from ._objects import CONFIG_MAPS

# The PKCS#8, RSA, EC, encrypted, OpenSSH and OpenPGP forms, also inside JSON.
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY")


@resource_rule(
    title="No private key stands in a ConfigMap",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=Framework("NIST SP 800-53", "5", "SC-12 Cryptographic key establishment"),
    types=CONFIG_MAPS,
    why=(
        "Everybody with the view role reads ConfigMaps, and they are encrypted neither at rest "
        "nor in Pulumi's state. A certificate bundle that was put together from a server's files "
        "is how keys get there. The key has to be taken for known from then on."
    ),
    source="Kubernetes, ConfigMaps: use a Secret for confidential data",
    remedy="Take the key out, replace it and its certificate, and keep the new one in a Secret.",
)
def config_map_private_key(config_map: Resource, settings: Settings) -> Iterator[str]:
    for key, value in config_map_entries(config_map):
        if PRIVATE_KEY.search(key) or PRIVATE_KEY.search(value):
            yield f"{shown(key)} holds a private key"
