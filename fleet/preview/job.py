"""What is to be asked of the engine about one stack, and what came of it."""

from dataclasses import dataclass
from pathlib import Path

PREVIEW = ("preview",)
PREVIEW_REFRESHED = ("preview", "--refresh", "--run-program")
DRIFT = ("refresh", "--preview-only", "--run-program")
"""With the program, the providers log in as today; without it, as their state says."""


@dataclass(frozen=True)
class Job:
    """One question about one stack."""

    stack: str
    file: Path
    environment: str
    project: Path
    packs: tuple[str, ...] = ()
    pack_configs: tuple[str, ...] = ()
    command: tuple[str, ...] = PREVIEW

    @property
    def arguments(self) -> list[str]:
        """Those of `pulumi`. It looks at no pack when it refreshes."""
        given = ("--diff", "--color", "never", "--suppress-progress")
        packs = self._packs if self.command[0] == "preview" else []
        return [*self.command, "--stack", self.stack, *given, *packs]

    @property
    def analysis(self) -> list[str]:
        """Those by which the packs judge what the state has. Empty where there are no packs."""
        return ["policy", "analyze", "--stack", self.stack, "--json", *self._packs] * bool(
            self.packs
        )

    @property
    def _packs(self) -> list[str]:
        """A pack's configuration may be named after the stack or its environment, in which levels
        differ."""
        names = {"{stack}": self.stack, "{environment}": self.environment}
        configs = [*self.pack_configs]
        for placeholder, value in names.items():
            configs = [each.replace(placeholder, value) for each in configs]
        given = [("--policy-pack", each) for each in self.packs]
        given += [("--policy-pack-config", each) for each in configs]
        return [text for pair in given for text in pair]


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
