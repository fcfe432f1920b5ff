"""What runs of the engine in tests have, so that they take less than those of users."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import vault
from tests.warm import server


@dataclass(frozen=True)
class Quick:
    """Empty unless it is `made`."""

    environment: dict[str, str] = field(default_factory=dict)
    """Set last: a warm Python, and a secrets provider that need not derive a key."""
    secrets: dict[str, str] = field(default_factory=dict)
    """What stack files say of their secrets."""


quick = Quick()
"""That of this process."""


@contextmanager
def made(folder: Path) -> Iterator[None]:
    with server.started(folder) as environment, vault.started() as provider:
        quick.environment.update(environment, **provider.environment())
        quick.secrets.update(provider.new_key())
        yield
    quick.environment.clear()
    quick.secrets.clear()
