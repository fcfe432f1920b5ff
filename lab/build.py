"""Build the toolchain from Go modules, and OpenStack from Python packages, into a cache that all
checkouts share.

Needs nothing but Python and Go, so that it can run before anything is installed.
A component is built once per content of its module folder: the cache key is a
hash of those files, the Go version and the platform. Binaries are written beside
their place and moved there whole, so an interrupted build leaves nothing half
done, and Go's own build cache lets the next one carry on where it stopped.
"""

import functools
import hashlib
import platform
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.cache_lock import alone, minutes
from lab.gomodule import BuildError, go, module_folder
from lab.parts import Component, components, on_demand
from lab.paths import MODULES, cache

MINIMUM_PULUMI = (3, 255, 0)
"""The oldest engine the stacks and policies are known to work with."""

MINIMUM_GO = (1, 25)


def engine_on_path(path: str | None = None) -> Path | None:
    """The user's own `pulumi`, if it is on PATH and new enough."""
    found = shutil.which("pulumi", path=path)
    if found is None or cache() in Path(found).parents:
        return None
    try:
        said = subprocess.run(
            [found, "version"], capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.match(r"v?(\d+)\.(\d+)\.(\d+)", said.strip())
    if match is None or tuple(map(int, match.groups())) < MINIMUM_PULUMI:
        return None
    return Path(found)


@dataclass(frozen=True)
class Toolchain:
    """What was built, and where."""

    path: tuple[Path, ...]
    """Folders for PATH, in order."""
    kubernetes_plugin: Path | None
    """The plugin, for a Pulumi home; None when the user's own engine brings its own plugins."""
    built: Mapping[str, Path]
    """Each component's name -> the folder with its binaries."""

    @property
    def cluster(self) -> Path:
        """The control plane's binary."""
        return self.built["cluster"] / "openshift-lab-cluster"

    @property
    def registry(self) -> Path:
        return self.built["registry"] / "openshift-lab-registry"

    @property
    def registry_3(self) -> Path | None:
        """Of Docker Distribution 3; None if nobody has asked for it."""
        found = self.built.get("registry-3")
        return found / "openshift-lab-registry-3" if found else None


def toolchain(say: Callable[[str], None], more: Collection[str] = ()) -> Toolchain:
    """Build what is missing. Quick when nothing is. `more`: what a lab of its cloud needs besides,
    by the names of `on_demand`."""
    _check_go()
    own_engine = engine_on_path()
    wanted = [*components(own_engine is None), *(on_demand()[name] for name in more)]
    built = {each.name: _build(each, say) for each in wanted}
    lab = (built["registry"], built["cluster"])
    if own_engine is not None:
        return Toolchain((own_engine.parent, *lab), None, built)
    plugin = built["kubernetes-plugin"] / "pulumi-resource-kubernetes"
    return Toolchain((built["pulumi"], *lab), plugin, built)


def crds(release: str) -> Path:
    """The folder of OpenShift's API module whose CRDs belong to `release` ("4.15" or "current")."""
    folder = MODULES / f"crds-{release}"
    if not folder.is_dir():
        known = sorted(each.name.removeprefix("crds-") for each in MODULES.glob("crds-*"))
        raise BuildError(f"no CRDs for OpenShift {release!r}; there are: {', '.join(known)}")
    return module_folder("github.com/openshift/api", folder)


@functools.cache
def _said_by(go: str) -> str:
    return subprocess.run([go, "version"], capture_output=True, text=True, check=True).stdout


def _go_version() -> str:
    return _said_by(shutil.which("go") or "go")


def _check_go() -> None:
    try:
        said = _go_version()
    except (OSError, subprocess.SubprocessError):
        raise BuildError(
            "go is not on PATH: install Go 1.26 or newer, the toolchain is built with it"
        ) from None
    match = re.search(r"go(\d+)\.(\d+)", said)
    if match is None or tuple(map(int, match.groups())) < MINIMUM_GO:
        raise BuildError(f"{said.strip()} is too old: install Go 1.26 or newer")


def _key(component: Component) -> str:
    digest = hashlib.sha256()
    folder = MODULES / component.name
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".go", ".mod", ".sum"}:
            digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    options = f"{component.ldflags}{component.commands}{component.tags}"
    digest.update(f"{_go_version()}{platform.machine()}{options}".encode())
    return digest.hexdigest()[:16]


def place_of(component: Component) -> Path:
    """The folder with its binaries, once it is built."""
    return cache() / "toolchain" / f"{component.name}-{_key(component)}"


def _build(component: Component, say: Callable[[str], None]) -> Path:
    place = place_of(component)
    wanted = [*component.commands, *component.beside]
    if all((place / name).exists() for name in wanted):
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with alone(place, say, component.name):
        if all((place / name).exists() for name in wanted):
            return place
        began = time.monotonic()
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{component.name}-") as scratch:
            source, output = Path(scratch) / "source", Path(scratch) / "bin"
            shutil.copytree(MODULES / component.name, source)
            output.mkdir()
            if component.prepare is not None:
                component.prepare(source)
            _compile(component, source, output, say)
            for name, (module, inside) in component.beside.items():
                shutil.copyfile(module_folder(module, source) / inside, output / name)
                (output / name).chmod(0o755)
            shutil.rmtree(place, ignore_errors=True)
            output.rename(place)
        say(f"  {component.name}: built in {minutes(time.monotonic() - began)}")
    return place


def _compile(component: Component, source: Path, output: Path, say: Callable[[str], None]) -> None:
    packages = list(component.commands.values())
    say(f"  {component.name}: fetching modules")
    total = len(go("list", "-deps", "-tags", component.tags, *packages, cwd=source).splitlines())
    say(f"  {component.name}: compiling up to {total} packages, once; some minutes")
    for name, package in component.commands.items():
        command = [
            "go",
            "build",
            "-v",
            "-trimpath",
            "-buildvcs=false",
            "-tags",
            component.tags,
            "-ldflags",
            f"-s -w {component.ldflags}",
        ]
        process = subprocess.Popen(
            [*command, "-o", str(output / name), package],
            cwd=source,
            stderr=subprocess.PIPE,
            text=True,
        )
        lines: list[str] = []
        with _progress(component.name, name, lines, total, say):
            assert process.stderr is not None
            lines.extend(iter(process.stderr.readline, ""))
            code = process.wait()
        if code != 0:
            tail = "".join(lines[-15:])
            raise BuildError(
                f"{component.name}: go build of {name} failed:\n{tail}"
                "Run the same command again: what was compiled is kept."
            )


@contextmanager
def _progress(
    component: str, binary: str, lines: list[str], total: int, say: Callable[[str], None]
) -> Iterator[None]:
    began, done = time.monotonic(), threading.Event()

    def tell() -> None:
        while not done.wait(20):
            spent = minutes(time.monotonic() - began)
            count = f"{min(len(lines), total)} of up to {total} packages"
            say(f"  {component}: {binary}: {count} compiled, {spent}")

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
