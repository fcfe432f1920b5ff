"""Build the toolchain from Go modules into a cache that all checkouts share.

Needs nothing but Python and Go, so that it can run before anything is installed.
A component is built once per content of its module folder: the cache key is a
hash of those files, the Go version and the platform. Binaries are written beside
their place and moved there whole, so an interrupted build leaves nothing half
done, and Go's own build cache lets the next one carry on where it stopped.
"""

import fcntl
import hashlib
import json
import platform
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lab.paths import MODULES, cache

MINIMUM_PULUMI = (3, 255, 0)
"""The oldest engine the stacks and policies are known to work with."""

MINIMUM_GO = (1, 25)


class BuildError(Exception):
    """A step that failed, with what to do about it."""


@dataclass(frozen=True)
class Component:
    """One Go module of `lab/toolchain` and the commands built from it."""

    name: str
    commands: dict[str, str]
    """Binary name -> package."""
    ldflags: str = ""
    prepare: Callable[[Path], None] | None = None
    """Runs in a copy of the module folder before the build."""
    beside: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Extra file beside the binaries -> (module, path inside it)."""


def _required(component: str, module: str) -> str:
    """The version of `module` that the component's go.mod asks for."""
    text = (MODULES / component / "go.mod").read_text()
    match = re.search(rf"^(?:require )?\s*{re.escape(module)} (\S+)", text, re.MULTILINE)
    if match is None:
        raise BuildError(f"lab/toolchain/{component}/go.mod does not require {module}")
    return match.group(1)


KUBERNETES_PLUGIN_VERSION = "4.25.0"
"""The release that the plugin's revision became a day later; the locked SDK is of the same."""

PULUMI_SDK = "github.com/pulumi/pulumi/sdk/v3"
KUBERNETES_PLUGIN = "github.com/pulumi/pulumi-kubernetes/provider/v4"


def _copy_plugin_schema(folder: Path) -> None:
    module = _module_folder(KUBERNETES_PLUGIN, folder)
    for name in ("schema.json", "terraform-mapping.json"):
        shutil.copyfile(module / "cmd" / "pulumi-resource-kubernetes" / name, folder / name)


def components(with_engine: bool) -> list[Component]:
    """What has to be there: the cluster always, the engine unless one is on PATH."""
    cluster = Component(
        "cluster",
        {"openshift-lab-cluster": ".", "kubectl": "k8s.io/kubernetes/cmd/kubectl"},
    )
    if not with_engine:
        return [cluster]
    pulumi = Component(
        "pulumi",
        {
            "pulumi": "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
            "pulumi-language-python": "./pulumi-language-python",
        },
        ldflags=f"-X {PULUMI_SDK}/go/common/version.Version={_required('pulumi', PULUMI_SDK)}",
        beside={
            "pulumi-language-python-exec": (PULUMI_SDK, "python/cmd/pulumi-language-python-exec")
        },
    )
    plugin = Component(
        "kubernetes-plugin",
        {"pulumi-resource-kubernetes": "."},
        ldflags=f"-X main.version={KUBERNETES_PLUGIN_VERSION}",
        prepare=_copy_plugin_schema,
    )
    return [cluster, pulumi, plugin]


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

    @property
    def cluster(self) -> Path:
        """The control plane's binary."""
        return self.path[-1] / "openshift-lab-cluster"


def toolchain(say: Callable[[str], None]) -> Toolchain:
    """Build what is missing. Quick when nothing is."""
    _check_go()
    own_engine = engine_on_path()
    built = {each.name: _build(each, say) for each in components(own_engine is None)}
    if own_engine is not None:
        return Toolchain((own_engine.parent, built["cluster"]), None)
    plugin = built["kubernetes-plugin"] / "pulumi-resource-kubernetes"
    return Toolchain((built["pulumi"], built["cluster"]), plugin)


def crds(release: str) -> Path:
    """The folder of OpenShift's API module whose CRDs belong to `release` ("4.15" or "current")."""
    folder = MODULES / f"crds-{release}"
    if not folder.is_dir():
        known = sorted(each.name.removeprefix("crds-") for each in MODULES.glob("crds-*"))
        raise BuildError(f"no CRDs for OpenShift {release!r}; there are: {', '.join(known)}")
    return _module_folder("github.com/openshift/api", folder)


def _module_folder(module: str, cwd: Path) -> Path:
    """Where a required module's files are; `go list -m` does not say before they are fetched."""
    return Path(json.loads(_go("mod", "download", "-json", module, cwd=cwd))["Dir"])


def _check_go() -> None:
    try:
        said = subprocess.run(["go", "version"], capture_output=True, text=True, check=True).stdout
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
    go = subprocess.run(["go", "version"], capture_output=True, text=True, check=True).stdout
    digest.update(f"{go}{platform.machine()}{component.ldflags}{component.commands}".encode())
    return digest.hexdigest()[:16]


def _build(component: Component, say: Callable[[str], None]) -> Path:
    place = cache() / "toolchain" / f"{component.name}-{_key(component)}"
    wanted = [*component.commands, *component.beside]
    if all((place / name).exists() for name in wanted):
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with _alone(place.with_suffix(".lock"), component.name, say):
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
                shutil.copyfile(_module_folder(module, source) / inside, output / name)
                (output / name).chmod(0o755)
            shutil.rmtree(place, ignore_errors=True)
            output.rename(place)
        say(f"  {component.name}: built in {_minutes(time.monotonic() - began)}")
    return place


def _compile(component: Component, source: Path, output: Path, say: Callable[[str], None]) -> None:
    packages = list(component.commands.values())
    say(f"  {component.name}: fetching modules")
    total = len(_go("list", "-deps", *packages, cwd=source).splitlines())
    say(f"  {component.name}: compiling up to {total} packages, once; some minutes")
    for name, package in component.commands.items():
        command = [
            "go",
            "build",
            "-v",
            "-trimpath",
            "-buildvcs=false",
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
            spent = _minutes(time.monotonic() - began)
            count = f"{min(len(lines), total)} of up to {total} packages"
            say(f"  {component}: {binary}: {count} compiled, {spent}")

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


@contextmanager
def _alone(lock: Path, name: str, say: Callable[[str], None]) -> Iterator[None]:
    """One build of a component at a time; the system releases the lock of a process that dies."""
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  {name}: waiting for another build of it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _go(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(["go", *arguments], cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        raise BuildError(
            f"`go {' '.join(arguments)}` failed in {cwd.name}:\n{done.stderr.strip()}\n"
            "Is the Go module proxy reachable? Run the same command again once it is."
        )
    return done.stdout


def _minutes(seconds: float) -> str:
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"
