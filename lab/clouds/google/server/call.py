"""One call, as the services see it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lab.clouds.google.server.refused import Refused
from lab.clouds.google.server.state import State

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    state: State
    method: str
    path: str
    query: Mapping[str, list[str]]
    who: str | None
    """The address of the service account whose token it has; None is nobody known."""
    body: bytes

    def json(self) -> dict[str, Any]:
        try:
            found = json.loads(self.body or b"{}")
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise Refused(400, "Parse Error")
        return found

    def one(self, name: str) -> str:
        """A parameter of the query."""
        return (self.query.get(name) or [""])[0]


Handler = Callable[..., Answer]
"""It gets the call and what its pattern has found in the path."""
Routes = Mapping[tuple[str, str], Handler]
"""Method and pattern of the path -> what answers it."""
