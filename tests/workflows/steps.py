"""The workflows' steps, run as the services run them."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from lab.paths import ROOT

STEPS = ROOT / "workflows" / "steps"
ZEROS = "0" * 40
"""What both services say of a commit that there was none before."""


@dataclass(frozen=True)
class Checkout:
    """A folder with the steps and the packages of this one, and an environment of its own."""

    directory: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("workflows", ".venv"):
            if not (self.directory / name).exists():
                (self.directory / name).symlink_to(ROOT / name)

    def step(self, name: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [f"workflows/steps/{name}.sh"],
            cwd=self.directory,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.directory),
                **self.environment,
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=500,
        )

    def ok(self, name: str, **environment: str) -> str:
        """What a step that goes well prints."""
        done = self.step(name, **environment)
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
        return done.stdout
