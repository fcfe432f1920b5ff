import re
from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._data import config_map_entries, config_map_keys, shown
from ._objects import CONFIG_MAPS, IMAGES, TRUST_NAMESPACE, guide, is_patch, text

# No colon: a ConfigMap's key can't hold one, so the port comes after two dots.
HOST_KEY = re.compile(r"(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)*(\.\.[0-9]{1,5})?", re.IGNORECASE)
FILE_NAME = re.compile(r".*\.(crt|pem|cer|key)", re.IGNORECASE)
# What a map by host has for keys, right or wrong: a name with dots, or one with a port. README and
# ca_bundle are in maps of other things.
LIKE_A_HOST = re.compile(
    r"[a-z0-9-]+(\.[a-z0-9-]+)+((\.\.|:).*)?|[a-z0-9-]+(\.\.|:)[0-9]+|updateservice-registry",
    re.IGNORECASE,
)
LIKE_A_FILE = re.compile(
    r".*\.(cfg|conf|crl|csv|der|html|ini|jks|json|jsonl|log|md|p12|pfx|properties|sh|toml|txt|ya?ml)",
    re.IGNORECASE,
)
OWN_REGISTRY = re.compile(
    r"image-registry\.openshift-image-registry\.svc(\.cluster\.local)?(\.\.|:)5000", re.IGNORECASE
)
CERTIFICATE = re.compile(
    r"-----BEGIN CERTIFICATE-----.*?(?:-----END CERTIFICATE-----|(?=-----BEGIN)|\Z)", re.DOTALL
)


@stack_rule(
    title="Additional trusted CAs are certificates by registry host",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("2.7"),
    types=(*CONFIG_MAPS, *IMAGES),
    why=(
        "Nodes, builds and image imports trust a registry by the map in openshift-config that "
        "spec.additionalTrustedCA names: each key is a registry's host, `host..port` with a port, "
        "and its value the certificates in PEM. Under another key, a file's name for one, a "
        "certificate is trusted for a registry that does not exist; what is no certificate breaks "
        "the pulls it was meant for. Under the cluster's own registry it takes the place of "
        "the CA that the nodes pull with."
    ),
    source="registry guide 2.7; openshift/api config/v1/types_image.go",
    remedy=(
        "Name each key after the registry's host, `registry.example.com..5000` with a port, and "
        "give whole certificates from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----. "
        "Leave the cluster's own registry out: its operator adds that CA."
    ),
)
def trusted_ca_maps(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    maps = [each for each in resources if each.resource_type in CONFIG_MAPS]
    if not maps:
        return
    named = {
        text(each.props, "spec", "additionalTrustedCA", "name")
        for each in resources
        if each.resource_type in IMAGES
    } - {None, ""}
    # Another map of the stack may share the name of the one that is in the right place.
    found = {_name(each) for each in maps if _is_in_place(each)}
    for each in maps:
        if not _is_in_place(each):
            if not is_patch(each) and _name(each) in named - found:
                yield each, f"additionalTrustedCA names this map, which is not in {TRUST_NAMESPACE}"
        elif _name(each) in named or _is_by_host(each):
            for finding in _findings(each):
                yield each, finding


def _name(config_map: Resource) -> str | None:
    return text(config_map.props, "metadata", "name")


def _is_in_place(config_map: Resource) -> bool:
    return text(config_map.props, "metadata", "namespace") == TRUST_NAMESPACE


def _is_by_host(config_map: Resource) -> bool:
    """Whether a map that nobody names here is one of CAs by host.

    openshift-config also holds bundles under one file's name (a storage CA's ca-bundle.crt, an
    identity provider's ca.crt) and maps of other things, such as acknowledgements of updates.
    One key that is no host makes it such a map.
    """
    keys = config_map_keys(config_map)
    if not all(map(_looks_like_a_host, keys)):
        return False
    return any(":" in key for key in keys) or any(
        "-----BEGIN" in value for _, value in config_map_entries(config_map)
    )


def _looks_like_a_host(key: str) -> bool:
    file = FILE_NAME.fullmatch(key) or LIKE_A_FILE.fullmatch(key)
    return not file and LIKE_A_HOST.fullmatch(key) is not None


def _findings(config_map: Resource) -> Iterator[str]:
    keys = config_map_keys(config_map)
    if not keys and not is_patch(config_map):
        yield "the map is empty"
    for key in keys:
        if OWN_REGISTRY.fullmatch(key):
            yield f"{shown(key)} is the cluster's own registry"
        elif ":" in key:
            yield f"{shown(key)}: a port comes after two dots, host..port"
        elif FILE_NAME.fullmatch(key):
            yield f"{shown(key)} is a file's name, not a registry's host"
        elif not _is_host(key):
            yield f"{shown(key)} is not a host or host..port"
    for key, value in config_map_entries(config_map):
        found = CERTIFICATE.findall(value)
        if not found:
            yield f"{shown(key)} holds no PEM certificate"
        elif not all(map(_is_certificate, found)):
            yield f"{shown(key)} holds a certificate that can't be read"


def _is_host(key: str) -> bool:
    if not HOST_KEY.fullmatch(key):
        return False
    _, _, port = key.partition("..")
    return not port or 0 < int(port) < 65536


def _is_certificate(pem: str) -> bool:
    import ssl  # Only a stack with CAs pays for it.

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=pem)
    except (ssl.SSLError, ValueError):
        return False
    return True
