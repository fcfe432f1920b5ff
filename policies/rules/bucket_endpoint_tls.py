import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIGS, guide, text

SERVICE = re.compile(r"[^.]+\.[^.]+\.svc(\.cluster\.local)?")


@resource_rule(
    title="Images travel to a bucket outside the cluster over TLS",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("3.1.3, regionEndpoint"),
    types=CONFIGS,
    why=(
        "Over plain HTTP whoever is on the way reads every image and can change it, and sees what "
        "signs the requests. A CA that is given beside it checks nothing. A Service of the cluster "
        "is left out: its traffic stays on the cluster's own network."
    ),
    source="openshift/release, a registry on Nutanix Objects with http:// beside trustedCA",
    remedy=(
        "Write https:// in spec.storage.s3.regionEndpoint, and the CA of the store in a ConfigMap "
        "of openshift-config that trustedCA names."
    ),
)
def bucket_endpoint_tls(config: Resource, settings: Settings) -> Iterator[str]:
    endpoint = text(config.props, "spec", "storage", "s3", "regionEndpoint")
    if endpoint and not _is_safe(endpoint):
        yield "spec.storage.s3.regionEndpoint is plain HTTP to a host outside the cluster"


def _is_safe(endpoint: str) -> bool:
    """What is no URL at all is the API's matter, and the operator's."""
    try:
        url = urlsplit(endpoint.strip())
        return url.scheme != "http" or bool(SERVICE.fullmatch(url.hostname or ""))
    except ValueError:
        return not endpoint.strip().lower().startswith("http:")
