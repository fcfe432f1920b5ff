"""What ConfigMaps and Secrets hold."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator

from declare import Resource

from ._objects import mapping

# What the API takes for a key, and the colon that people try. Not a whole PEM block or token, which
# some paste where the key belongs.
HARMLESS = re.compile(r"(?!.*-----)[-._:A-Za-z0-9]{1,100}")


def shown(key: str, harmless: re.Pattern[str] = HARMLESS) -> str:
    """The key for a message, unless it could be a secret itself."""
    return f"key {key}" if harmless.fullmatch(key) else "a key (withheld, it may be a secret)"


def config_map_entries(config_map: Resource) -> Iterator[tuple[str, str]]:
    """Each key with its text; binaryData is decoded as far as it is text."""
    for key, value in mapping(config_map.props, "data").items():
        yield key, value if isinstance(value, str) else ""
    for key, value in mapping(config_map.props, "binaryData").items():
        yield key, _decoded(value)


def config_map_keys(config_map: Resource) -> list[str]:
    return [key for part in ("data", "binaryData") for key in mapping(config_map.props, part)]


def secret_keys(secret: Resource) -> set[str]:
    """The keys alone: a preview knows them when it can't know the values."""
    return {key for part in ("data", "stringData") for key in mapping(secret.props, part)}


def empty_secret_keys(secret: Resource) -> list[str]:
    """The keys without a value; stringData wins over data, as in the API."""
    values = {key: _decoded(value) for key, value in mapping(secret.props, "data").items()}
    values |= mapping(secret.props, "stringData")
    return sorted(key for key, value in values.items() if not str(value or "").strip())


def secret_text(secret: Resource, key: str) -> str:
    """The text under a key, empty where there is none; stringData wins over data."""
    given = mapping(secret.props, "stringData").get(key)
    if given is None:
        return _decoded(mapping(secret.props, "data").get(key))
    return str(given)


def _decoded(value: object) -> str:
    try:
        return b64decode(value if isinstance(value, str) else "").decode(errors="replace")
    except (Error, ValueError):
        return str(value)  # The API server refuses it, in its own words.
