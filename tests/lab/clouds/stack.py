"""A program on the lab's AWS: the real engine and SDK, the stand-in found on PATH."""

import json
import os
import shutil
import textwrap
from pathlib import Path
from typing import Any

from lab import build
from lab.clouds.aws.service import STAND_IN, AwsService
from lab.lab import PASSPHRASE, say
from lab.paths import ROOT
from lab.pulumi_home import PULUMI_HOME, install_plugin
from lab.python import PYTHON
from tests.lab.project import Ran, pulumi
from tests.quick import quick

HEAD = """\
import json
import pulumi
import pulumi_aws as aws

"""


class Stack:
    """One program with one stack in a state of its own."""

    def __init__(self, directory: Path, service: AwsService) -> None:
        self.directory = directory
        self.state = directory / "state"
        self.state.mkdir(parents=True)
        (directory / "Pulumi.yaml").write_text(
            "name: clouds\nruntime:\n  name: python\n  options:\n    toolchain: pip\n"
            f"    virtualenv: {ROOT / '.venv'}\n"
        )
        tools = build.toolchain(say)
        install_plugin(tools)
        path = [STAND_IN, PYTHON.parent, *tools.path, os.environ.get("PATH", os.defpath)]
        self.environment = {
            "PATH": os.pathsep.join(map(str, path)),
            "HOME": str(directory),
            "PULUMI_HOME": str(PULUMI_HOME),
            "PULUMI_BACKEND_URL": f"file://{self.state}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PYTHONPATH": str(ROOT),
            **service.environment(),
            **quick.environment,
        }
        self.pulumi("stack", "init", "test").ok()

    def write(self, program: str) -> "Stack":
        (self.directory / "__main__.py").write_text(HEAD + textwrap.dedent(program))
        # What Python has compiled of a text as long, in the same second, it takes for this one.
        shutil.rmtree(self.directory / "__pycache__", ignore_errors=True)
        return self

    def pulumi(self, *arguments: str) -> Ran:
        return pulumi(self.directory, self.environment, *arguments)

    def up(self, *arguments: str) -> Ran:
        return self.pulumi("up", "--yes", "--skip-preview", "--stack", "test", *arguments)

    def preview(self, *arguments: str) -> Ran:
        return self.pulumi("preview", "--stack", "test", *arguments)

    def unchanged(self) -> Ran:
        return self.preview("--expect-no-changes").ok("nothing should change:")

    def refresh(self, *arguments: str) -> Ran:
        return self.pulumi("refresh", "--yes", "--skip-preview", "--stack", "test", *arguments)

    def destroy(self, *arguments: str) -> Ran:
        return self.pulumi("destroy", "--yes", "--skip-preview", "--stack", "test", *arguments)

    def outputs(self) -> dict[str, Any]:
        said = self.pulumi("stack", "output", "--json", "--show-secrets", "--stack", "test")
        return json.loads(said.ok().output)

    def steps(self) -> dict[str, str]:
        """Logical name -> what a preview would do with it."""
        said = self.preview("--json").ok().output
        steps = json.loads(said[said.index("{") :])["steps"]
        return {each["urn"].rpartition("::")[2]: each["op"] for each in steps}

    def kept(self) -> str:
        """Every byte the backend keeps."""
        files = [path for path in sorted(self.state.rglob("*")) if path.is_file()]
        return "\n".join(path.read_text(errors="replace") for path in files)
