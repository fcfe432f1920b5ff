"""What of a lab is a module of this project: how it is started."""

from pathlib import Path

from lab.paths import ROOT
from lab.process import Process, start

PYTHON = ROOT / ".venv" / "bin" / "python"


def start_module(log: Path, module: str, *arguments: str | Path | int) -> Process:
    """The process is named as `log`, without its ending."""
    command = [PYTHON, "-m", module, *map(str, arguments)]
    return start(log.stem, command, log, {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"})
