"""A copy of the pack: what a checkout has of it, without what was made there."""

import shutil
from pathlib import Path

from lab.paths import ROOT


def copy_of_the_pack(folder: Path) -> Path:
    made = shutil.ignore_patterns("venv", "__pycache__", "policy-config.json")
    return Path(shutil.copytree(ROOT / "policies", folder, ignore=made))
