"""Lists of registries, as image.config and the nodes' policy.json take them."""

from typing import Any


def covers(entry: Any, host: str) -> bool:
    """Whether an entry allows a host, or at least repositories on it.

    An entry is a host with its port, such a host and a path, or a wildcard for subdomains.
    """
    if not isinstance(entry, str):
        return False
    if entry.startswith("*."):
        return host.partition(":")[0].endswith(entry[1:])
    return entry.partition("/")[0] == host
