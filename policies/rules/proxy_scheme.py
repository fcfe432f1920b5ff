from collections.abc import Iterator
from urllib.parse import urlsplit

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIGS, guide, text

SCHEMES = ("http", "https", "socks5", "socks5h")


@resource_rule(
    title="The registry's proxies are URLs with a scheme",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=guide("2.5"),
    types=CONFIGS,
    why=(
        "The API takes any text, unlike that of the cluster's own proxy, and the operator hands "
        "it to the registry as HTTP_PROXY and HTTPS_PROXY. Without a scheme the registry can't "
        "reach its storage or the registries that it pulls through, and says so in its log only."
    ),
    source=(
        "cluster-image-registry-operator pull request 369 and pkg/resource/podtemplatespec.go; "
        "distribution issue 492"
    ),
    remedy="Write scheme, host and port, e.g. http://proxy.example.com:3128.",
)
def proxy_scheme(config: Resource, settings: Settings) -> Iterator[str]:
    for name in ("http", "https"):
        value = text(config.props, "spec", "proxy", name)
        if value and not _is_url(value):
            yield f"spec.proxy.{name} is no URL with a scheme"


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
