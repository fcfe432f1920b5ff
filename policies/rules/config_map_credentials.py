import re
from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._data import config_map_entries, shown
from ._objects import CONFIG_MAPS
from .credential_secret_keys import KNOWN, VARIABLE

# A key of a storage account by itself or in a connection string, and Google's key file. 64 bytes
# are 88 characters in base64.
ACCOUNT_KEY = r"[A-Za-z0-9+/]{86}=="
CREDENTIAL = re.compile(
    rf"(?s)\s*{ACCOUNT_KEY}\s*|.*\b(AccountKey|SharedAccessSignature)=.+|"
    r'.*"private_key(_id)?"\s*:.*|.*"type"\s*:\s*"service_account".*'
)
VARIABLES = KNOWN - {"credentials"}


@resource_rule(
    title="No credential of the storage stands in a ConfigMap",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=Framework("NIST SP 800-53", "5", "IA-5 Authenticator management"),
    types=CONFIG_MAPS,
    why=(
        "Everybody with the view role reads ConfigMaps, and they are encrypted neither at rest "
        "nor in Pulumi's state. A key of an Azure account or of a service account opens all "
        "images, from anywhere, until somebody renews it. The operator reads it from a Secret "
        "alone."
    ),
    source="Kubernetes, ConfigMaps: use a Secret for confidential data; registry guide 2.8",
    remedy=(
        "Take it out, renew the key, and keep the new one in the Secret "
        "image-registry-private-configuration-user of openshift-image-registry."
    ),
)
def config_map_credentials(config_map: Resource, settings: Settings) -> Iterator[str]:
    for key, value in config_map_entries(config_map):
        if key in VARIABLES or CREDENTIAL.fullmatch(value):
            yield f"{shown(key, VARIABLE)} holds a credential"
