import re
from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._data import config_map_entries, config_map_keys
from ._objects import CONFIG_MAP, IMAGES, TRUST_NAMESPACE, guide, text

# No colon: a ConfigMap's key can't hold one, so the port comes after two dots.
HOST_KEY = re.compile(r"(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)*(\.\.[0-9]{1,5})?", re.IGNORECASE)
FILE_NAME = re.compile(r".*\.(crt|pem|cer|key)", re.IGNORECASE)
CERTIFICATE = re.compile(
    r"-----BEGIN CERTIFICATE-----.*?(?:-----END CERTIFICATE-----|(?=-----BEGIN)|\Z)", re.DOTALL
)


@stack_rule(
    title="Additional trusted CAs are certificates by registry host",
    severity=Severity.HIGH,
    level=Level.MANDATORY,
    framework=guide("2.7"),
    types=(CONFIG_MAP, *IMAGES),
    why=(
        "Nodes, builds and image imports trust a registry by the map in openshift-config that "
        "spec.additionalTrustedCA names: each key is a registry's host, `host..port` with a port, "
        "and its value the certificates in PEM. Under another key, a file's name for one, a "
        "certificate is trusted for a registry that does not exist; what is no certificate breaks "
        "the pulls it was meant for."
    ),
    source="registry guide 2.7; openshift/api config/v1/types_image.go",
    remedy=(
        "Name each key after the registry's host, `registry.example.com..5000` with a port, and "
        "give whole certificates from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----."
    ),
)
def trusted_ca_maps(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    maps = [each for each in resources if each.resource_type == CONFIG_MAP]
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
            if _name(each) in named - found:
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
    """
    keys = config_map_keys(config_map)
    if any(FILE_NAME.fullmatch(key) for key in keys):
        return False
    return any(":" in key for key in keys) or any(
        "-----BEGIN" in value for _, value in config_map_entries(config_map)
    )


def _findings(config_map: Resource) -> Iterator[str]:
    keys = config_map_keys(config_map)
    if not keys:
        yield "the map is empty"
    for key in keys:
        if ":" in key:
            yield f"key {key}: a port comes after two dots, host..port"
        elif FILE_NAME.fullmatch(key):
            yield f"key {key} is a file's name, not a registry's host"
        elif not _is_host(key):
            yield f"key {key} is not a host or host..port"
    for key, value in config_map_entries(config_map):
        found = CERTIFICATE.findall(value)
        if not found:
            yield f"key {key} holds no PEM certificate"
        elif not all(map(_is_certificate, found)):
            yield f"key {key} holds a certificate that can't be read"


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
