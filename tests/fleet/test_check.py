"""`ocpreg check`: what it prints, what it finds, how it ends."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fleet.command import app
from settings.schema import ROOT
from tests.settings.cases import GOOD, changed, write

BAD = changed({"storage.claim.create.size": "10GB", "registry.logging": 2})


def of_cluster(name: str, config: dict[str, Any] = GOOD) -> dict[str, Any]:
    """`config` for another cluster."""
    cluster = {**config["cluster"], "name": name, "infrastructureName": f"{name}-x7k2p"}
    return {**config, "cluster": cluster}


def ocpreg(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


@pytest.fixture
def stacks(tmp_path: Path) -> Path:
    write(tmp_path, GOOD, "prod-1")
    write(tmp_path, of_cluster("prod-2", BAD), "prod-2")
    return tmp_path


def test_text(stacks: Path) -> None:
    done = ocpreg(stacks)
    assert done.exit_code == 1
    assert done.stdout == (
        f'{stacks}/Pulumi.prod-2.yaml:17: error: storage.claim.create.size = "10GB": '
        "is not a Kubernetes quantity\n"
        "    fix: write a number and a unit, e.g. 100Gi, 256Mi, 500m or 2 [quantity]\n"
        f"{stacks}/Pulumi.prod-2.yaml:22: warning: registry.logging = 2: is deprecated and is "
        "written as logLevel Normal\n"
        "    fix: write logLevel: Normal instead [deprecated:logging]\n"
        "2 stack files checked: 1 error, 1 warning\n"
    )
    assert "\x1b" not in done.stdout


def test_json(stacks: Path) -> None:
    done = ocpreg(stacks, "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert (told["errors"], told["warnings"]) == (1, 1)
    assert [(each["stack"], len(each["problems"])) for each in told["files"]] == [
        ("prod-1", 0),
        ("prod-2", 2),
    ]
    assert told["files"][1]["problems"][0] == {
        "stack": "prod-2",
        "file": f"{stacks}/Pulumi.prod-2.yaml",
        "line": 17,
        "path": "storage.claim.create.size",
        "value": '"10GB"',
        "message": "is not a Kubernetes quantity",
        "fix": "write a number and a unit, e.g. 100Gi, 256Mi, 500m or 2",
        "rule": "quantity",
        "severity": "error",
    }


def test_github(stacks: Path) -> None:
    done = ocpreg(stacks, "--format", "github")
    assert done.exit_code == 1
    assert done.stdout == (
        f"::error file={stacks}/Pulumi.prod-2.yaml,line=17,title=prod-2%3A quantity::"
        'storage.claim.create.size = "10GB": is not a Kubernetes quantity'
        "%0Afix: write a number and a unit, e.g. 100Gi, 256Mi, 500m or 2\n"
        f"::warning file={stacks}/Pulumi.prod-2.yaml,line=22,title=prod-2%3A deprecated%3Alogging::"
        "registry.logging = 2: is deprecated and is written as logLevel Normal"
        "%0Afix: write logLevel: Normal instead\n"
        "2 stack files checked: 1 error, 1 warning\n"
    )


def test_formats(stacks: Path) -> None:
    assert ocpreg(stacks, "--format", "json").stdout == ocpreg(stacks, "--json").stdout
    assert ocpreg(stacks, "--format", "text").stdout == ocpreg(stacks).stdout
    both = ocpreg(stacks, "--json", "--format", "github")
    assert (both.exit_code, both.stdout) == (2, "")
    assert both.stderr == (
        "ocpreg check: --json is --format json, and another --format is given\n    fix: keep one\n"
    )


def test_clean(stacks: Path) -> None:
    done = ocpreg(stacks / "Pulumi.prod-1.yaml")
    assert (done.exit_code, done.stdout) == (0, "1 stack file checked: no problems\n")


def test_warnings_are_let_pass(tmp_path: Path) -> None:
    done = ocpreg(write(tmp_path, changed({"registry.logging": 2})))
    assert done.exit_code == 0
    assert "1 stack file checked: 0 errors, 1 warning" in done.stdout


def test_choice_of_stacks(stacks: Path) -> None:
    assert ocpreg(stacks, "--stack", "*-1").exit_code == 0
    assert "1 stack file checked" in ocpreg(stacks, "--stack", "prod-2").stdout


def test_stacks_dir(stacks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "2 stack files" in ocpreg("--stacks-dir", stacks).stdout
    (stacks / "stacks").mkdir()
    write(stacks / "stacks", GOOD, "prod-3")
    monkeypatch.chdir(stacks)
    assert ocpreg().stdout == "1 stack file checked: no problems\n"


@pytest.mark.parametrize("arguments", [["/no/such"], ["--stack", "none-*"], ["--nonsense"]])
def test_nothing_to_check(stacks: Path, arguments: list[str]) -> None:
    done = ocpreg(*(["--stacks-dir", stacks] if arguments[0] == "--stack" else []), *arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_an_empty_folder(tmp_path: Path) -> None:
    done = ocpreg(tmp_path)
    assert done.exit_code == 2
    assert f"there is no file Pulumi.<stack>.yaml in {tmp_path}" in done.stderr


def test_names_that_pulumi_does_not_look_for(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "Pulumi.prod-2.yml").write_text("config: {}\n")
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    done = ocpreg(tmp_path)
    assert done.exit_code == 1
    assert "2 stack files checked: 1 error" in done.stdout
    assert "[file-name]" in done.stdout
    assert ocpreg(tmp_path / "Pulumi.yaml").exit_code == 1


def test_a_file_given_twice_is_checked_once(stacks: Path) -> None:
    (stacks / "other").symlink_to(stacks)
    done = ocpreg(stacks / "Pulumi.prod-1.yaml", stacks / "other" / "Pulumi.prod-1.yaml")
    assert (done.exit_code, done.stdout) == (0, "1 stack file checked: no problems\n")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_as_a_command(stacks: Path) -> None:
    """Also where the terminal has no character for what the file says."""
    write(stacks, changed({"cluster.name": "prod-ä"}), "prod-3")
    done = run(
        "-m", "fleet", "check", str(stacks), LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii"
    )
    assert done.returncode == 1
    assert 'cluster.name = "prod-\\xe4": is not a DNS label' in done.stdout
    assert done.stderr == ""


HEAVY = ["boto3", "cryptography", "httpx2", "jinja2", "lightkube", "pulumi", "rich", "yaml"]
OURS = ["cluster", "components", "settings"]


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], [*HEAVY, *OURS, "pydantic"]),
        # typer takes pydantic for a command's arguments.
        (["check", "--help"], [*HEAVY, *OURS]),
        (["new", "--help"], [*HEAVY, *OURS]),
        (["explain", "--help"], [*HEAVY, *OURS]),
        (["smoke", "--help"], [*HEAVY, *OURS]),
        (["check", "stacks"], [each for each in HEAVY if each not in ("cryptography", "yaml")]),
        (["explain", "storage"], [each for each in HEAVY if each != "yaml"]),
    ],
    ids=" ".join,
)
def test_nothing_heavy_is_loaded_unless_used(arguments: list[str], heavy: list[str]) -> None:
    code = (
        f"import sys; sys.argv[1:] = {arguments!r}\n"
        "from fleet.command import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print(sorted(set({heavy!r}) & set(sys.modules)))\n"
    )
    done = run("-c", code)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) > 1
    assert done.stdout.endswith("\n[]\n"), done.stdout


def test_in_colour_on_a_terminal(stacks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from io import StringIO

    from fleet.check import check_files, to_screen

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    write(stacks, changed({"cluster.name": "[red]x[/red]"}), "prod-2")
    to_screen(check_files([stacks / "Pulumi.prod-2.yaml"]))
    assert "\x1b[" in screen.getvalue()
    assert '"[red]x[/red]"' in screen.getvalue()
