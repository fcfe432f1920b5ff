"""Keystone and Swift, installed once for all checkouts, with the database that a lab begins with.

Needs nothing but Python, like the rest of the toolchain, and is cached like it: by the content of
the files that it is made from, written beside its place and moved there whole.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from lab.cache_lock import alone
from lab.gomodule import BuildError
from lab.paths import MODULES, ROOT, cache

REQUIREMENTS = MODULES / "openstack" / "requirements.txt"
HERE = Path(__file__).parent
SOURCES = (
    REQUIREMENTS,
    HERE / "names.py",
    *(HERE / "server" / each for each in ("configuration.py", "fixture.py")),
)
PYTHON, FIXTURE = Path("python") / "bin" / "python", "fixture"


def place() -> Path:
    """The folder with its Python and its database, once they are there."""
    digest = hashlib.sha256(f"{sys.version}{platform.machine()}".encode())
    for each in SOURCES:
        digest.update(each.read_bytes())
    return cache() / "toolchain" / f"openstack-{digest.hexdigest()[:16]}"


def install(say: Callable[[str], None]) -> Path:
    """Quick when it is there."""
    there = place()
    if (there / FIXTURE).is_dir():
        return there
    with alone(there, say, "openstack"):
        if not (there / FIXTURE).is_dir():
            say("  openstack: installing Keystone and Swift, once; about a minute")
            # A virtual environment knows its own place, so it is made there; what is whole has the
            # database, which comes last and at once.
            shutil.rmtree(there, ignore_errors=True)
            _python(there)
            begun = there / f".{FIXTURE}"
            begun.mkdir()
            module = "lab.clouds.openstack.server.fixture"
            own = {"PYTHONPATH": str(ROOT), "PATH": os.defpath, "HOME": str(begun)}
            making = "making Keystone's database"
            _run(making, there / PYTHON, "-m", module, begun, environment=own)
            begun.rename(there / FIXTURE)
    return there


def _python(there: Path) -> None:
    """From the package index that pip knows."""
    _run("making its Python", sys.executable, "-m", "venv", there / "python")
    pip = (there / PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check")
    _run("installing packages", *pip, "--require-hashes", "--no-deps", "-r", REQUIREMENTS)


def _run(what: str, *command: str | Path, environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        end = "\n".join(done.stderr.strip().splitlines()[-15:])
        raise BuildError(
            f"openstack: {what} failed:\n{end}\n"
            "Is the Python package index reachable? Run the same command again once it is."
        )
