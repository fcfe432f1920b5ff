"""A project whose program is a few lines, one program for each stack, with a real engine."""

import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from lab import build
from lab.lab import say
from lab.paths import ROOT
from tests.quick import quick

OCPREG = [sys.executable, "-m", "fleet"]
PROJECT = """
name: openshift-registry
runtime:
  name: python
  options: {toolchain: pip, virtualenv: VIRTUALENV}
stackConfigDir: stacks
"""


CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"


def claim(protect: bool) -> str:
    """A program of one component with a claim's type: to policies it is a claim of images, and it
    needs no plugin and no cluster."""
    return f"""
import pulumi
metadata = {{"name": "images", "namespace": "openshift-image-registry"}}
spec = {{"accessModes": ["ReadWriteMany"], "resources": {{"requests": {{"storage": "100Gi"}}}}}}
options = pulumi.ResourceOptions(protect={protect})
pulumi.ComponentResource("{CLAIM}", "claim", {{"metadata": metadata, "spec": spec}}, options)
"""


@dataclass
class TinyStacks:
    """`programs` by stack. Its Pulumi home and state are its own."""

    directory: Path
    programs: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("stacks", "state", "home", "programs"):
            (self.directory / name).mkdir(parents=True)
        text = PROJECT.replace("VIRTUALENV", str(ROOT / ".venv"))
        (self.directory / "Pulumi.yaml").write_text(text)
        main = "import runpy\nimport pulumi\nrunpy.run_path(f'programs/{pulumi.get_stack()}.py')\n"
        (self.directory / "__main__.py").write_text(main)
        path = [str(each) for each in build.toolchain(say).path]
        self.environment = {
            "PATH": os.pathsep.join([*path, os.environ["PATH"]]),
            "HOME": str(self.directory / "home"),
            "PULUMI_HOME": str(self.directory / "home"),
            "PULUMI_BACKEND_URL": f"file://{self.directory / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "a-passphrase",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PYTHONPATH": str(ROOT),
            **quick.engine,
            **self.environment,
        }
        for stack, program in self.programs.items():
            (self.directory / "programs" / f"{stack}.py").write_text(textwrap.dedent(program))
            self.pulumi("stack", "init", stack, "--no-select")

    def pulumi(self, *arguments: str) -> str:
        return subprocess.run(
            ["pulumi", "--non-interactive", *arguments],
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def preview(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.ocpreg("preview", *arguments)

    def ocpreg(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*OCPREG, *arguments],
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
