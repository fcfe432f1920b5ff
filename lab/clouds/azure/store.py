"""What Azure Resource Manager keeps: a file, changed by one at a time.

Resources by their IDs, which differ in nothing but the case of letters (ARM, "Resource ID"). What
is kept of each is as its API has it: the names in its path, its properties, and what Azure has made
of itself.
"""

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Resource = dict[str, Any]


class Store:
    def __init__(self, directory: Path) -> None:
        self._file = directory / "arm.json"
        self._lock = directory / "arm.lock"

    def get(self, identifier: str) -> Resource | None:
        return self._read().get(identifier.lower())

    def put(self, identifier: str, resource: Mapping[str, Any]) -> None:
        with self._changed() as kept:
            kept[identifier.lower()] = {**resource, "id": identifier}

    def patch(self, identifier: str, **properties: Any) -> None:
        """As somebody else with rights would do it, in the portal say."""
        with self._changed() as kept:
            kept[identifier.lower()]["properties"] |= properties

    def remove(self, identifier: str) -> None:
        """With all that is below it."""
        own = identifier.lower()
        with self._changed() as kept:
            for each in [key for key in kept if key == own or key.startswith(f"{own}/")]:
                del kept[each]

    def every(self, kind: str) -> list[Resource]:
        """Those whose ID ends in .../kind/name, or in a kind below another."""
        wanted = f"/{kind.lower()}/"
        found = self._read()
        return [
            each
            for key, each in found.items()
            if wanted in key and "/" not in key.rsplit(wanted, 1)[1]
        ]

    def _read(self) -> dict[str, Resource]:
        try:
            return json.loads(self._file.read_text())
        except FileNotFoundError:
            return {}

    @contextmanager
    def _changed(self) -> Iterator[dict[str, Resource]]:
        with self._lock.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            kept = self._read()
            yield kept
            new = self._file.with_suffix(".new")
            new.touch(mode=0o600)
            new.write_text(json.dumps(kept, indent=1))
            new.replace(self._file)
