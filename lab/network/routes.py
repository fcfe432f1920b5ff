"""Where a name leads: `*.example.test:443` -> `127.0.0.1:8443`."""

import re
from collections.abc import Mapping

Routes = Mapping[str, str]
"""Host and port, the host's first labels perhaps a `*` -> loopback address."""


def leads(routes: Routes, host: str, port: int) -> str | None:
    """The address behind a host and port, or None: the lab has none of that name."""
    asked = f"{host.rstrip('.').lower()}:{port}"
    for pattern, address in routes.items():
        if re.fullmatch(re.escape(pattern.lower()).replace(r"\*", r"[^:]+"), asked):
            return address
    return None
