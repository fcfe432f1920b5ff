"""One lab: a cluster that fits a stack file, with the stand-ins that play OpenShift on it.

The cluster and the Pulumi state of the stacks applied to it live in one folder
and are thrown away together: a state without its cluster would only mislead.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lab import build
from lab.cluster import ControlPlane
from lab.described import Described
from lab.errors import LabError
from lab.paths import ROOT, RUN
from lab.process import Process, start, wait_until
from lab.pulumi_home import PULUMI_HOME, has_plugin, install_plugin

if TYPE_CHECKING:
    from lightkube import Client

Say = Callable[[str], None]

PASSPHRASE = "lab"
"""Encrypts the lab's state, which is thrown away with it. It protects nothing of value."""

PYTHON = ROOT / ".venv" / "bin" / "python"


class Lab:
    """The lab of one stack. Everything it keeps is under `directory`."""

    def __init__(self, stack: str, directory: Path | None = None, stacks: Path | None = None):
        self.stack = stack
        self.directory = directory or RUN / stack
        self.stacks = stacks or ROOT / "stacks"
        self.kubeconfig = self.directory / "cluster" / "kubeconfig"
        self._record = self.directory / "lab.json"

    def start(self, say: Say, openshift: str = "4.15") -> None:
        """Bring the lab up, or do nothing if it runs. A half-started one is started anew."""
        facts = Described.of_stack(self.stack, self.stacks)
        say("Toolchain")
        tools = build.toolchain(say)
        crds = build.crds(openshift)
        with self._alone():
            record = self._read()
            if self.running():
                if record["openshift"] != openshift:
                    raise LabError(
                        f"the lab of {self.stack} runs with the CRDs of OpenShift "
                        f"{record['openshift']}; `make lab-stop STACK={self.stack}` first"
                    )
                say(f"Lab of {self.stack}: running")
                return
            self._clear()
            say(f"Lab of {self.stack}: starting ({facts.platform}, OpenShift {openshift} CRDs)")
            self._start(facts, tools, crds, openshift, say)
            say(f"Lab of {self.stack}: ready, OpenShift {facts.version} as freshly installed")

    def stop(self) -> bool:
        """Stop its processes and throw its cluster and state away. False if there was none."""
        if not self.directory.exists():
            return False
        with self._alone():
            self._clear()
        shutil.rmtree(self.directory, ignore_errors=True)
        return True

    def processes(self) -> list[Process]:
        return [Process(**each) for each in self._read().get("processes", [])]

    def running(self) -> bool:
        ready = self._read().get("ready", False)
        return ready and all(process.running() for process in self.processes())

    def client(self) -> "Client":
        """A lightkube client of the lab's administrator."""
        from lightkube import Client, KubeConfig

        return Client(KubeConfig.from_file(self.kubeconfig), trust_env=False)

    def environment(self) -> dict[str, str]:
        """What to set for `pulumi`, `kubectl` and `ocpreg` to work on this lab and nothing else."""
        record = self._read()
        path = [str(PYTHON.parent), *record["path"], os.environ.get("PATH", os.defpath)]
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
            "PULUMI_OPTION_POLICY_PACK": str(ROOT / "policies"),
            "PULUMI_OPTION_POLICY_PACK_CONFIG": str(self.directory / "policies.json"),
        }

    def _start(
        self, facts: Described, tools: build.Toolchain, crds: Path, openshift: str, say: Say
    ) -> None:
        from lab.openshift.install import install
        from lab.openshift.profile import PROFILES

        path = [str(each) for each in tools.path]
        record = {"openshift": openshift, "path": path, "processes": []}

        def started(process: Process) -> None:
            record["processes"].append(process.as_dict())
            self._record.write_text(json.dumps(record, indent=1))

        plane = ControlPlane(self.directory / "cluster", tools.cluster, started)
        plane.start()
        say("  API server: answers")
        client = self.client()
        profile = replace(
            PROFILES[facts.platform],
            cluster_name=facts.name,
            infrastructure_name=facts.infrastructure_name,
            version=f"{facts.version}.12",
        )
        install(client, crds, openshift, profile)
        say("  OpenShift: CRDs, namespaces and singletons installed")
        started(self._stand_in("platform"))
        operator = self._stand_in("operator")
        started(operator)
        self._await_operator(client, operator)
        say("  operator: has made configs/cluster")
        (self.directory / "state").mkdir(exist_ok=True)
        install_plugin(tools)
        # Written last: only a lab with this mark is believed to be whole.
        record["ready"] = True
        self._record.write_text(json.dumps(record, indent=1))

    def _stand_in(self, name: str) -> Process:
        return start(
            name,
            [PYTHON, "-m", f"lab.{name}", "--kubeconfig", self.kubeconfig],
            self.directory / "logs" / f"{name}.log",
            {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        )

    def _await_operator(self, client: "Client", operator: Process) -> None:
        from lightkube.core.exceptions import ApiError
        from lightkube.generic_resource import create_global_resource

        configs = create_global_resource(
            "imageregistry.operator.openshift.io", "v1", "Config", "configs"
        )

        def bootstrapped() -> bool:
            try:
                return bool((client.get(configs, "cluster").status or {}).get("conditions"))
            except ApiError:
                return False

        log = self.directory / "logs" / "operator.log"
        wait_until(bootstrapped, "the operator bootstraps configs/cluster", operator, log)

    def render_policies(self) -> None:
        """Write the pack's configuration for the stack's environment, exceptions of today in."""
        environment = Described.of_stack(self.stack, self.stacks).environment
        subprocess.run(
            [
                PYTHON,
                ROOT / "policies" / "render.py",
                "--environment",
                environment,
                "-o",
                self.directory / "policies.json",
            ],
            check=True,
        )

    def _read(self) -> dict:
        try:
            return json.loads(self._record.read_text())
        except FileNotFoundError:
            return {}

    def _clear(self) -> None:
        # It is all thrown away: nothing has to be written down in an orderly way.
        for process in reversed(self.processes()):
            process.stop(patience=2)
        for name in ("cluster", "state", "logs", "lab.json", "policies.json"):
            path = self.directory / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def all_labs() -> list[Lab]:
    return [Lab(each.name) for each in sorted(RUN.glob("*")) if (each / ".lock").exists()]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
