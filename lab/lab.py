"""One lab: a cluster that fits a stack file, with the stand-ins that play OpenShift on it.

The cluster and the Pulumi state of the stacks applied to it live in one folder
and are thrown away together: a state without its cluster would only mislead.
"""

import fcntl
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lab import build
from lab.clouds.lab import Clouds
from lab.clouds.outside import install as install_for_clouds
from lab.cluster import ControlPlane, client
from lab.described import Described
from lab.errors import LabError
from lab.paths import ROOT, RUN
from lab.process import Process, stop_under, tail
from lab.pulumi_home import PULUMI_HOME, has_plugin, install_plugin
from lab.python import PYTHON
from lab.standins import (
    await_operator,
    await_platform,
    registry_address,
    start_operator,
    start_platform,
)

if TYPE_CHECKING:
    from lightkube import Client

Say = Callable[[str], None]

PASSPHRASE = "lab"
"""Encrypts the lab's state, which is thrown away with it. It protects nothing of value."""

PARTS = (
    "clouds",
    "cluster",
    "registry",
    "state",
    "logs",
    "lab.json",
    "lab.new",
    "policies.json",
)
"""What a lab's folder holds."""


@dataclass
class Record:
    """What lab.json holds of a lab."""

    openshift: str
    path: list[str]
    processes: list[Process] = field(default_factory=list)
    ready: bool = False
    """Written last: only a lab with this mark is believed to be whole."""


class Lab:
    """The lab of one stack. Everything it keeps is under `directory`."""

    def __init__(self, stack: str, directory: Path | None = None, stacks: Path | None = None):
        # It becomes a folder's name, and that folder is deleted one day.
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", stack) or ".." in stack:
            raise LabError(f"{stack!r} is no stack's name; one looks like this: STACK=lab-aws")
        self.stack = stack
        self.directory = (directory or RUN / stack).absolute()
        self.stacks = stacks or ROOT / "stacks"
        self.kubeconfig = self.directory / "cluster" / "kubeconfig"
        self._record = self.directory / "lab.json"
        self._lock = self.directory / ".lock"
        self.clouds = Clouds(self.directory / "clouds")

    def start(self, say: Say, openshift: str = "4.15") -> None:
        """Bring the lab up, or do nothing if it runs. A half-started one is started anew."""
        facts = Described.of_stack(self.stack, self.stacks)
        if self._runs_with(openshift, say):
            return
        from lab.openshift.profile import PROFILES

        if facts.platform not in PROFILES:
            raise LabError(
                f"there is no lab of platform {facts.platform!r} ({self.stack}); "
                f"there are: {', '.join(PROFILES)}"
            )
        say("Toolchain")
        tools = build.toolchain(say, install_for_clouds(facts, say))
        module = build.crds(openshift)
        with self._alone():
            if self._runs_with(openshift, say):
                return
            self._tell_loss(say)
            self._clear()
            say(f"Lab of {self.stack}: starting ({facts.platform}, OpenShift {openshift} CRDs)")
            self._start(facts, tools, module, openshift, say)
            say(f"Lab of {self.stack}: ready, OpenShift {facts.version} as freshly installed")

    def stop(self) -> bool:
        """Stop its processes and throw its cluster and state away. False if there was none."""
        if not (self._lock.exists() or self._record.exists()):
            return False
        with self._alone():
            self._clear()
            shutil.rmtree(self.directory, ignore_errors=True)
        return True

    def running(self) -> bool:
        record = self._read()
        return bool(record and record.ready and all(each.running() for each in record.processes))

    def losses(self) -> list[str]:
        """Its processes that have stopped by themselves, each with the end of its log."""
        record = self._read()
        return [
            f"{each.name} of the lab of {self.stack} has stopped; the end of its log:\n"
            f"{tail(each.log)}"
            for each in (record.processes if record else ())
            if not each.running()
        ]

    def client(self) -> "Client":
        """A lightkube client of the lab's administrator."""
        return client(self.kubeconfig)

    def environment(self) -> dict[str, str]:
        """What to set for `pulumi`, `kubectl` and `ocpreg` to work on this lab and nothing else."""
        record = self._read()
        if record is None:
            raise LabError(f"there is no lab of {self.stack}: `make lab STACK={self.stack}`")
        gone = [each for each in record.path if not Path(each).is_dir()]
        if gone:
            raise LabError(
                f"the toolchain of the lab of {self.stack} is gone ({', '.join(gone)}): "
                f"`make lab-stop STACK={self.stack}`, then the same command again"
            )
        own = [*self.clouds.path(), str(PYTHON.parent), *record.path]
        path = [*own, os.environ.get("PATH", os.defpath)]
        return {
            "PATH": os.pathsep.join(path),
            "KUBECONFIG": str(self.kubeconfig),
            "PULUMI_HOME": str(PULUMI_HOME),
            # Without the attribute files, which the backend does not write in one step: a run
            # killed in between leaves an empty one, and then the state can't be read.
            "PULUMI_BACKEND_URL": f"file://{self.directory / 'state'}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # The built plugin lies in this home; an engine of the user's own fetches its own.
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": str(has_plugin()).lower(),
            "PULUMI_STACK": self.stack,
            **registry_address(self.directory),
            "PULUMI_OPTION_POLICY_PACK": str(ROOT / "policies"),
            "PULUMI_OPTION_POLICY_PACK_CONFIG": str(self.directory / "policies.json"),
            **self.clouds.environment(),
        }

    def _start(
        self, facts: Described, tools: build.Toolchain, module: Path, openshift: str, say: Say
    ) -> None:
        from lab.openshift import crds
        from lab.openshift.addons import ADD_ONS
        from lab.openshift.install import install
        from lab.openshift.profile import PROFILES
        from lab.openshift.serving import Authorities
        from lab.seed import seed

        record = Record(openshift, [str(each) for each in tools.path])
        profile = replace(
            PROFILES[facts.platform],
            cluster_name=facts.name,
            infrastructure_name=facts.infrastructure_name,
            version=f"{facts.version}.12",
        ).in_region(facts.region)

        def started(process: Process) -> None:
            record.processes.append(process)
            self._write(record)

        authorities = Authorities.make()
        for process in self.clouds.begin(facts, profile.domain, authorities):
            started(process)
        more = [each for name in facts.add_ons for each in ADD_ONS[name].definitions]
        etcd = seed(tools.cluster, crds.files(module, openshift), more, say)
        plane = self._plane(tools.cluster, etcd, started)
        say("  API server: answers")
        plane.start_controllers()
        administrator = self.client()
        install(administrator, profile, facts.add_ons, authorities)
        say("  OpenShift: namespaces and singletons installed")
        for name in self.clouds.ready():
            say(f"  {name}: answers")
        network = self.clouds.connect()
        if network is not None:
            started(network)
        platform = start_platform(self.directory, self.kubeconfig, tools.registry, tools.registry_3)
        started(platform)
        operator = start_operator(self.directory, self.kubeconfig)
        started(operator)
        await_platform(platform)
        await_operator(administrator, operator)
        say("  operator: has made configs/cluster")
        (self.directory / "state").mkdir(exist_ok=True)
        install_plugin(tools)
        record.ready = True
        self._write(record)

    def _plane(self, binary: Path, seed: Path, started: Callable[[Process], None]) -> ControlPlane:
        """The one of this lab, which answers; its controllers are yet to be started."""
        plane = ControlPlane(self.directory / "cluster", binary, started)
        plane.start(seed)
        return plane

    def _runs_with(self, openshift: str, say: Say) -> bool:
        record = self._read()
        if record is None or not self.running():
            return False
        if record.openshift != openshift:
            raise LabError(
                f"the lab of {self.stack} runs with the CRDs of OpenShift "
                f"{record.openshift}; `make lab-stop STACK={self.stack}` first"
            )
        say(f"Lab of {self.stack}: running")
        return True

    def _tell_loss(self, say: Say) -> None:
        record = self._read()
        if record is None and self._record.exists():
            say(f"Lab of {self.stack}: {self._record} can't be read")
        elif record is not None and record.ready:
            for each in self.losses():
                say(each)
        else:
            return  # nothing was ever applied to it
        say("Starting anew: the lab's cluster and state are gone, apply the stack again")

    def _read(self) -> Record | None:
        """None if there is none, or none that can be read."""
        try:
            raw = json.loads(self._record.read_text())
            return Record(**{**raw, "processes": [Process(**each) for each in raw["processes"]]})
        except (OSError, ValueError, TypeError, LookupError):
            return None

    def _write(self, record: Record) -> None:
        new = self._record.with_suffix(".new")
        new.write_text(json.dumps(asdict(record), indent=1))
        new.replace(self._record)

    def _clear(self) -> None:
        # It is all thrown away: nothing has to be written down in an orderly way.
        stop_under(self.directory, patience=2)
        for name in PARTS:
            path = self.directory / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.directory.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def all_labs() -> list[Lab]:
    marks = {each.parent.name for name in (".lock", "lab.json") for each in RUN.glob(f"*/{name}")}
    return [Lab(name) for name in sorted(marks)]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
