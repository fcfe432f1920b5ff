"""`pulumi` on a lab: the stack made, a dead run's lock cleared, the output shown as it comes."""

import json
import socket
import subprocess
import tempfile
from pathlib import Path

import psutil

from lab.described import Described
from lab.errors import LabError
from lab.lab import Lab, Say
from lab.paths import ROOT
from lab.python import PYTHON


class Engine:
    """The engine of one lab. `run` shows, `ask` returns what it said."""

    def __init__(self, lab: Lab, root: Path = ROOT) -> None:
        self.lab = lab
        self.root = root
        self.environment = lab.environment()

    def prepare(self, say: Say) -> None:
        """Before a run: the policies as they are today, and the stack."""
        self._render_policies()
        self.make_stack(say)

    def make_stack(self, say: Say) -> None:
        """Make it if there is none; clear the lock of a run whose process is gone."""
        if not self._exists():
            self.new_stack()
        self._clear_locks(say)

    def new_stack(self) -> None:
        self.ask("stack", "init", self.lab.stack, "--no-select")

    def run(self, *arguments: str) -> int:
        """Run pulumi in the foreground; its exit code."""
        # The Kubernetes plugin leaves a copy of the kubeconfig there.
        with tempfile.TemporaryDirectory(prefix="ocpreg-") as scratch:
            process = subprocess.Popen(
                ["pulumi", *arguments], cwd=self.root, env={**self.environment, "TMPDIR": scratch}
            )
            try:
                return process.wait()
            except KeyboardInterrupt:
                # It got the terminal's Ctrl-C too, and ends in an orderly way: state kept, lock
                # gone.
                process.wait()
                raise

    def ask(self, *arguments: str) -> str:
        done = subprocess.run(
            ["pulumi", "--non-interactive", *arguments],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise LabError(f"pulumi {arguments[0]} failed:\n{done.stderr.strip()}")
        return done.stdout

    def _render_policies(self) -> None:
        """The pack's configuration for the stack's environment, with today's exceptions."""
        environment = Described.of_stack(self.lab.stack, self.lab.stacks).environment
        command = [PYTHON, ROOT / "policies" / "render.py", "--environment", environment]
        command += ["-o", self.lab.directory / "policies.json"]
        if subprocess.run(command, env=self.environment).returncode != 0:
            raise LabError(f"no policies for {self.lab.stack}; what is wrong is above")

    def _exists(self) -> bool:
        stacks = self.lab.directory / "state" / ".pulumi" / "stacks"
        return any(stacks.rglob(f"{self.lab.stack}.json"))

    def _clear_locks(self, say: Say) -> None:
        dead = []
        for lock in self._locks():
            holder = _holder(lock)
            if not lock.exists():
                continue  # that run has ended meanwhile
            pid, host = holder.get("pid"), holder.get("hostname")
            if holder and (host != socket.gethostname() or _lives(pid)):
                raise LabError(
                    f"stack {self.lab.stack} is locked by process {pid} of "
                    f"{holder.get('username')}@{host}, which is running: wait for it, or stop it"
                )
            dead.append(f"process {pid}, gone" if holder else "a run that died writing it")
        if dead:
            say(f"Stack {self.lab.stack}: clearing the lock of {', '.join(dead)}")
            self.ask("cancel", "--yes", "--stack", self.lab.stack)

    def _locks(self) -> list[Path]:
        return sorted((self.lab.directory / "state" / ".pulumi" / "locks").rglob("*.json"))


def _holder(lock: Path) -> dict:
    """Who holds the lock; empty if it says nothing that can be read."""
    try:
        holder = json.loads(lock.read_text())
        return holder if isinstance(holder["pid"], int) and holder["hostname"] else {}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _lives(pid: int) -> bool:
    try:
        return "pulumi" in psutil.Process(pid).name()
    except psutil.NoSuchProcess:
        return False
