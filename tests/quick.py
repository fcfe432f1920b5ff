"""What runs of the engine in tests have, so that they take less than those of users."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from lab.pulumi_home import PULUMI_HOME
from tests import vault
from tests.warm import server


@dataclass(frozen=True)
class Quick:
    """Empty unless it is `made`."""

    python: dict[str, str] = field(default_factory=dict)
    """A warm one."""
    engine: dict[str, str] = field(default_factory=dict)
    """A secrets provider that need not derive a key, no log of its own in its home, and no
    collection of garbage."""
    secrets: dict[str, str] = field(default_factory=dict)
    """What stack files say of their secrets."""

    @property
    def environment(self) -> dict[str, str]:
        """All of it, to be set last."""
        return {**self.engine, **self.python}


GARBAGE = {"GOGC": "off", "GOMEMLIMIT": "1GiB"}
"""Of processes in Go that last for seconds. It is collected when they would need that much."""

quick = Quick()
"""That of this process."""


def home(folder: Path) -> Path:
    """The labs' Pulumi home, but that the engine can't log there: it would log all that it does at
    the highest level, and encrypt it, which takes a tenth of its time."""
    made = folder / "home"
    made.mkdir()
    (made / "plugins").symlink_to(PULUMI_HOME / "plugins")
    (made / "logs").touch()
    return made


@contextmanager
def made(folder: Path, python: dict[str, str] | None = None) -> Iterator[None]:
    """`python`: a warm one that is there already."""
    with (
        nullcontext(python) if python else server.started(folder) as environment,
        vault.started() as provider,
    ):
        quick.python.update(environment)
        quick.engine.update(provider.environment(), PULUMI_HOME=str(home(folder)), **GARBAGE)
        quick.secrets.update(provider.new_key())
        yield
    for each in (quick.python, quick.engine, quick.secrets):
        each.clear()
