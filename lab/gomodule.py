"""The go command, and where a module's files are."""

import json
import subprocess
from pathlib import Path


class BuildError(Exception):
    """A step that failed, with what to do about it."""


def module_folder(module: str, cwd: Path) -> Path:
    """Where a required module's files are; `go list -m` does not say before they are fetched."""
    return Path(json.loads(go("mod", "download", "-json", module, cwd=cwd))["Dir"])


def go(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(["go", *arguments], cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        raise BuildError(
            f"`go {' '.join(arguments)}` failed in {cwd.name}:\n{done.stderr.strip()}\n"
            "Is the Go module proxy reachable? Run the same command again once it is."
        )
    return done.stdout
