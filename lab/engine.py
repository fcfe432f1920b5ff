"""`pulumi` on a lab: the stack made, a dead run's lock cleared, the output shown as it comes."""

import json
import socket
import subprocess
from pathlib import Path

import psutil

from lab.errors import LabError
from lab.lab import Lab, Say
from lab.paths import ROOT


class Engine:
    """The engine of one lab. `run` shows, `ask` returns what it said."""

    def __init__(self, lab: Lab, root: Path = ROOT) -> None:
        self.lab = lab
        self.root = root
        self.environment = lab.environment()

    def prepare(self, say: Say) -> None:
        """Make the stack if there is none; clear the lock of a run whose process is gone."""
        self.lab.render_policies()
        names = {each["name"] for each in json.loads(self.ask("stack", "ls", "--json"))}
        if self.lab.stack not in names:
            self.ask("stack", "init", self.lab.stack, "--no-select")
        for lock in self._locks():
            holder = json.loads(lock.read_text())
            if holder.get("hostname") == socket.gethostname() and not _lives(holder["pid"]):
                say(f"Stack {self.lab.stack}: clearing the lock of process {holder['pid']}, gone")
                self.ask("cancel", "--yes", "--stack", self.lab.stack)
            elif lock.exists():
                raise LabError(
                    f"stack {self.lab.stack} is locked by process {holder.get('pid')} of "
                    f"{holder.get('username')}@{holder.get('hostname')}, which is running: "
                    "wait for it, or stop it"
                )

    def run(self, *arguments: str) -> int:
        """Run pulumi in the foreground; its exit code."""
        return subprocess.run(
            ["pulumi", *arguments], cwd=self.root, env=self.environment, check=False
        ).returncode

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

    def _locks(self) -> list[Path]:
        return sorted((self.lab.directory / "state" / ".pulumi" / "locks").rglob("*.json"))


def _lives(pid: int) -> bool:
    try:
        return "pulumi" in psutil.Process(pid).name()
    except psutil.NoSuchProcess:
        return False
