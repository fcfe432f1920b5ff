"""Where the lab keeps its things."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

MODULES = ROOT / "lab" / "toolchain"
"""The Go modules that the toolchain is built from, one folder a component."""

RUN = ROOT / ".lab"
"""All that running makes: one folder per lab, thrown away by `make lab-stop`."""


def cache() -> Path:
    """The folder shared by all checkouts of this user; builds are keyed by their module files."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "openshift-registry"
