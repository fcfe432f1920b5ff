"""`ocpreg preview` on a lab: the same diffs as `pulumi preview`, and a comment of them."""

import copy
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.paths import ROOT
from tests.lab.conftest import LabOf
from tests.lab.project import Project

pytestmark = pytest.mark.lab

PRODUCTION = {"cluster": {"environment": "production"}}
CHANGES: dict[str, dict[str, Any]] = {
    "lab-same": {},
    "lab-changed": {"registry": {"logLevel": "Debug"}, "exposure": {"defaultRoute": True}},
    "lab-refused": {"registry": {"replicas": 2}},
    "lab-violates": PRODUCTION,
    "lab-new": {},
    "lab-elsewhere": {"cluster": {"infrastructureName": "another-x7k2p"}},
}


class Fleet:
    """Stacks of one cluster, so that one lab is enough."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.project, self.folder = project, folder
        project.file.unlink()
        original = project.original()
        for stack, changes in CHANGES.items():
            sections = copy.deepcopy(original)
            for section, values in changes.items():
                sections.setdefault(section, {}).update(values)
            file = project.directory / "stacks" / f"Pulumi.{stack}.yaml"
            file.write_text(project.text(sections))
            if stack != "lab-new":
                project.pulumi("stack", "init", stack, "--no-select").ok()
        for environment in ("development", "production"):
            render = [sys.executable, ROOT / "policies" / "render.py", "--environment", environment]
            subprocess.run([*render, "-o", folder / f"{environment}.json"], check=True)
        environment = self.project.engine.environment
        self.environment = {
            key: each for key, each in environment.items() if not key.startswith("PULUMI_OPTION")
        }

    def ocpreg(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "fleet", *arguments],
            cwd=self.project.directory,
            env={"PYTHONPATH": str(ROOT), **self.environment, **environment},
            capture_output=True,
            text=True,
        )

    def pulumi(self, stack: str, environment: str) -> subprocess.CompletedProcess[str]:
        """As a person would preview it."""
        config = str(self.folder / f"{environment}.json")
        pack = ("--policy-pack", str(ROOT / "policies"), "--policy-pack-config", config)
        return subprocess.run(
            ["pulumi", "--non-interactive", "preview", "--diff", "--stack", stack, *pack],
            cwd=self.project.directory,
            env=self.environment,
            capture_output=True,
            text=True,
        )


@pytest.fixture(scope="module")
def fleet(lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    folder = tmp_path_factory.mktemp("fleet")
    project = Project(folder / "project", lab_of("4.15", "lab-emptydir"))
    project.apply()
    made = Fleet(project, folder)
    project.pulumi("up", "--yes", "--stack", "lab-same").ok()
    return made


@pytest.fixture(scope="module")
def out(fleet: Fleet) -> Path:
    folder = fleet.folder / "out"
    packs = ("--policy-pack", str(ROOT / "policies"), "--policy-pack-config")
    configs = str(fleet.folder / "{environment}.json")
    before = sorted(fleet.project.temporary.iterdir())
    done = fleet.ocpreg("preview", "--out", str(folder), *packs, configs)
    assert sorted(fleet.project.temporary.iterdir()) == before
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return folder


def said(text: str) -> list[str]:
    """Without colours, and the warning of a plugin that lies on PATH."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return [line for line in plain.splitlines() if "$PATH" not in line]


def test_the_same_as_the_cli_s(fleet: Fleet, out: Path) -> None:
    results = {}
    for each in json.loads((out / "summary.json").read_text())["stacks"]:
        cli = fleet.pulumi(each["stack"], each["environment"])
        kept = (out / each["stack"] / "preview.txt").read_text()
        assert said(kept) == said(cli.stdout + cli.stderr), each["stack"]
        assert (cli.returncode == 0) == (each["result"] in ("same", "changes"))
        results[each["stack"]] = (each["result"], each["changes"])
    assert results == {
        "lab-changed": ("changes", {"create": 4}),
        "lab-elsewhere": ("failed", {"create": 1}),
        "lab-new": ("failed", {}),
        "lab-refused": ("failed", {"create": 1}),
        "lab-same": ("same", {"same": 4}),
        "lab-violates": ("violations", {"create": 4}),
    }


def test_exit_codes(fleet: Fleet) -> None:
    pack = ("--policy-pack", str(ROOT / "policies"), "--policy-pack-config")
    configs, config = (str(fleet.folder / f"{n}.json") for n in ("{environment}", "production"))
    for stack, code in (("lab-same", 0), ("lab-violates", 3)):
        assert fleet.ocpreg("preview", "--stack", stack, *pack, configs).returncode == code
    # As the engine's own variables say it.
    named = {
        "PULUMI_OPTION_POLICY_PACK": str(ROOT / "policies"),
        "PULUMI_OPTION_POLICY_PACK_CONFIG": config,
    }
    assert fleet.ocpreg("preview", "--stack", "lab-violates", **named).returncode == 3
    same = fleet.ocpreg("preview", "--stack", "lab-same", "--expect-no-changes")
    assert same.returncode == 0, same.stdout


def test_nothing_secret_is_kept(fleet: Fleet, out: Path) -> None:
    user = yaml.safe_load(fleet.project.lab.kubeconfig.read_text())["users"][0]["user"]
    for file in out.rglob("*"):
        assert not file.is_file() or user["token"] not in file.read_text()


def test_a_comment_of_it(fleet: Fleet, out: Path) -> None:
    done = fleet.ocpreg("comment", str(out), "--commit", "0123abcd")
    assert done.returncode == 0, done.stderr
    rows = [line.split(" | ") for line in done.stdout.splitlines() if line.startswith("| `lab")]
    assert [(row[0], row[2]) for row in rows] == [
        ("| `lab-elsewhere`", "❌ failed"),
        ("| `lab-new`", "❌ failed"),
        ("| `lab-refused`", "❌ failed"),
        ("| `lab-violates`", "⛔ stopped by policy"),
        ("| `lab-changed`", "⚠️ changes, with danger"),
        ("| `lab-same`", "✅ no changes"),
    ]
    danger = done.stdout.split("### Danger")[1].split("| cluster |")[0]
    assert "`lab-changed`: **takeover**: `configs/cluster`" in danger
    assert "spec.logLevel: Normal -> Debug (now " in danger
    assert "the cluster that answers is another one" in done.stdout.split("### Failed")[1]
    assert '+   spec.logLevel: "Debug"' in done.stdout
