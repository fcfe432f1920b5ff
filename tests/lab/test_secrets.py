"""Nothing secret is in a plan, a log, an output or the raw state."""

import gzip
from base64 import b64encode
from pathlib import Path

import pytest
import yaml

from lab.lab import say
from lab.verify import settle
from tests.lab.project import Project, config
from tests.quick import home
from tests.warm.server import QUIET

pytestmark = pytest.mark.lab


def test_canaries_are_nowhere(project: Project, tmp_path: Path) -> None:
    user = yaml.safe_load(project.lab.kubeconfig.read_text())["users"][0]["user"]
    secrets = {"the kubeconfig's token": user["token"]}
    secrets["the operator's httpSecret"] = config(project.lab)["spec"]["httpSecret"]
    said = {
        "preview": project.preview("--diff").output,
        "preview --json": project.preview("--json").output,
        "up": project.up("--diff").output,
        "refresh": project.pulumi("refresh", "--yes", "--diff", "--stack", project.stack).output,
    }
    sections = project.original()
    sections["registry"]["readOnly"] = True
    project.write(sections)
    verbose = ("--logtostderr", "-v=9", "--save-plan", str(tmp_path / "plan.json"))
    said["preview with all logs"] = project.preview(*verbose).output
    assert "registering resource: ty=" in said["preview with all logs"]  # the SDK's own included
    said["the saved plan"] = (tmp_path / "plan.json").read_text()
    said["up with a change"] = project.up("--diff").output
    settle(project.lab, say)
    said["refresh with the operator's writes"] = project.pulumi(
        "refresh", "--yes", "--diff", "--stack", project.stack
    ).output
    said["stack output"] = project.pulumi("stack", "output", "--json").output
    said["stack export"] = project.pulumi("stack", "export").output
    said["raw state"] = project.raw_state()
    for path in (project.lab.directory / "logs").glob("*.log"):
        said[path.name] = path.read_text()
    said["down"] = project.down().output
    assert "configs.imageregistry" in said["raw state"] or "ConfigPatch" in said["raw state"]
    found = [
        f"{name} in {where}"
        for where, text in said.items()
        for name, secret in secrets.items()
        if secret in text
    ]
    assert not found


def test_what_the_kubernetes_plugin_leaves(project: Project) -> None:
    """README.md says so. Where a run is ours, it has a folder of its own, which goes with it."""
    token = yaml.safe_load(project.lab.kubeconfig.read_text())["users"][0]["user"]["token"]
    project.preview().ok()
    (left,) = project.temporary.iterdir()
    assert token in left.read_text() and left.stat().st_mode & 0o777 == 0o600
    project.drift()
    assert [*project.temporary.iterdir()] == [left]
    assert project.engine.run("preview", "--stack", project.stack) == 0
    assert [*project.temporary.iterdir()] == [left]


def test_what_the_engine_logs_by_itself(project: Project, tmp_path: Path) -> None:
    """All that it does, at the highest level, in its home: encrypted once it knows by what."""
    own = home(tmp_path)
    (own / "logs").unlink()  # which kept it from that
    project.engine.environment["PULUMI_HOME"] = str(own)
    del project.engine.environment[QUIET]
    token = yaml.safe_load(project.lab.kubeconfig.read_text())["users"][0]["user"]["token"]
    secrets = (token, config(project.lab)["spec"]["httpSecret"])
    forms = [
        form.encode() for each in secrets for form in (each, b64encode(each.encode()).decode())
    ]
    project.up().ok()
    project.refresh().ok()
    project.preview("--diff").ok()
    logs = [each.read_bytes() for each in (own / "logs").iterdir()]
    assert logs and all(logs)
    for each in logs:
        plain = gzip.decompress(each) if each.startswith(b"\x1f\x8b") else each
        assert not [form for form in forms if form in plain]


def test_an_http_secret_of_the_stack_file_is_nowhere_either(project: Project) -> None:
    canary = "CANARY0http0secret0of0the0stack0file"
    ran = project.pulumi(
        "config", "set", "--secret", "--path", "openshift-registry:registry.httpSecret", canary,
        "--stack", project.stack,
    )  # fmt: skip
    ran.ok()
    assert canary not in project.file.read_text()
    ran = project.up("--diff")
    ran.ok()
    assert config(project.lab)["spec"]["httpSecret"] == canary
    again = project.preview("--diff")
    for text in (ran.output, again.output, project.raw_state()):
        assert canary not in text
    project.unchanged()


def test_what_looks_like_a_secret_is_refused_in_plain(project: Project) -> None:
    """By the engine, whose dictionaries know what is no secret."""
    arguments = ("config", "set", "--stack", project.stack, "mine:password")
    project.pulumi(*arguments, "7Fq!zR9#kW2$xLp5").refused("looks like a secret")
    project.pulumi(*arguments, "correcthorsebatterystaple").ok()
