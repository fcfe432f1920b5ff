"""What is to be previewed, and what came of it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Job:
    """The preview of one stack."""

    stack: str
    file: Path
    environment: str
    project: Path
    packs: tuple[str, ...] = ()
    pack_configs: tuple[str, ...] = ()
    refresh: bool = False

    @property
    def arguments(self) -> list[str]:
        """Those of `pulumi preview`. A pack's configuration may be named after the stack or its
        environment, in which levels differ."""
        names = {"{stack}": self.stack, "{environment}": self.environment}
        configs = [*self.pack_configs]
        for placeholder, value in names.items():
            configs = [each.replace(placeholder, value) for each in configs]
        given = [("--policy-pack", each) for each in self.packs]
        given += [("--policy-pack-config", each) for each in configs]
        return [
            *("preview", "--stack", self.stack, "--diff", "--color", "never"),
            *("--suppress-progress", *(text for pair in given for text in pair)),
            *(("--refresh",) if self.refresh else ()),
        ]


@dataclass(frozen=True)
class Ran:
    """What the engine said of one stack."""

    code: int
    seconds: float
    text: str
    errors: str
    events: str
    """JSON lines, those that are kept."""
    imported: tuple[str, ...] = ()
    """Modules that the program needed and that were not there yet."""
