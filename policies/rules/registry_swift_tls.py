from collections.abc import Iterator
from urllib.parse import urlsplit

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIGS, guide, text


@resource_rule(
    title="The registry logs in to Keystone over TLS",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("3.3.4, authURL"),
    types=CONFIGS,
    why=(
        "Over plain HTTP whoever is on the way reads the user's password, or the secret of the "
        "application credential, and the token that opens all containers of the project."
    ),
    source=(
        "cluster-image-registry-operator pkg/storage/swift/swift.go, getSwiftClient; OpenStack "
        "Security Guide, Check-Identity-04"
    ),
    remedy=(
        "Write https:// in spec.storage.swift.authURL. A CA of the cloud's own belongs in "
        "ca-bundle.pem of the ConfigMap cloud-provider-config in openshift-config."
    ),
)
def registry_swift_tls(config: Resource, settings: Settings) -> Iterator[str]:
    url = text(config.props, "spec", "storage", "swift", "authURL")
    if url and _scheme(url) == "http":
        yield "spec.storage.swift.authURL is plain HTTP"


def _scheme(url: str) -> str:
    """What is no URL at all is the operator's matter."""
    try:
        return urlsplit(url.strip()).scheme
    except ValueError:
        return url.strip().partition(":")[0].lower()
