"""`ocpreg new`: what it writes is right as it stands, and nothing is written otherwise."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from fleet.command import app
from fleet.new import COPY, HEAD, PLACES, examples
from settings import check_file
from settings.schema import ROOT

PLATFORMS = list(examples())


def new(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["new", *arguments, "--stacks-dir", str(folder)])


def test_all_examples_are_there() -> None:
    assert len(PLATFORMS) == len(list((ROOT / "docs" / "examples").glob("*.yaml"))) > 10
    for path in examples().values():
        assert path.read_text().startswith(HEAD)
        assert path.read_text().count(COPY) == 1


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_file(tmp_path: Path, platform: str) -> None:
    """As right as its example, and named after its cluster wherever the example is."""
    done = new(tmp_path, platform, "east-7")
    file = tmp_path / "Pulumi.east-7.yaml"
    assert done.exit_code == 0, done.stderr
    assert done.stdout == f"{file} is made: change what is yours, then ocpreg check\n"
    text = file.read_text()
    head, *_ = text.split("\nconfig:\n")
    assert head.startswith("# yaml-language-server: $schema=schema.json\n# A ")
    assert head.endswith(f"# Made with `ocpreg new {platform} east-7`: change what is yours.")
    example = examples()[platform]
    settings, problems = check_file(file)
    assert settings is not None
    assert {each.rule for each in problems} == {each.rule for each in check_file(example)[1]}
    assert settings.cluster.name == "east-7"
    assert settings.cluster.infrastructure_name == "east-7-x7k2p"
    old = example.stem.removeprefix("Pulumi.")
    kept = [line for line in text.splitlines() if old in line]
    assert all(f".{old}.example.com" in line for line in kept), kept


def test_many_files_beside_each_other(tmp_path: Path) -> None:
    """Two of each, and no two share anything."""
    for number in "12":
        for platform in PLATFORMS:
            assert new(tmp_path, platform, f"{platform}-{number}").exit_code == 0
    done = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert done.exit_code == 0
    assert f"{2 * len(PLATFORMS)} stack files checked: 0 errors, 2 warnings" in done.stdout


def test_the_name_of_the_infrastructure(tmp_path: Path) -> None:
    done = new(tmp_path, "aws", "east-7", "--infrastructure-name", "east7-abcde", "--json")
    file = tmp_path / "Pulumi.east-7.yaml"
    assert json.loads(done.stdout) == {"file": str(file), "stack": "east-7", "platform": "aws"}
    config = yaml.safe_load(file.read_text())["config"]
    assert config["openshift-registry:cluster"]["infrastructureName"] == "east7-abcde"
    assert (
        config["openshift-registry:storage"]["bucket"]["create"]["name"] == "east7-abcde-registry"
    )


def test_the_list() -> None:
    done = CliRunner().invoke(app, ["new"])
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == sorted(PLATFORMS)
    assert done.stdout.splitlines()[3] == (
        "aws-sts             A production cluster on AWS that was installed for STS (ccoctl): "
        "the registry in a bucket that is made here, reached by a role that is made here."
    )
    told = json.loads(CliRunner().invoke(app, ["new", "--json"]).stdout)["platforms"]
    assert [each["platform"] for each in told] == sorted(PLATFORMS)
    assert all(each["about"].startswith("A ") for each in told)


LONG = "x" * 60
REFUSED = {
    "platform": (["awss", "a"], "there is no example for 'awss'", "write aws (it is one of aws, "),
    "no name": (["aws"], "the cluster has no name", "ocpreg new aws NAME"),
    "upper case": (["aws", "East"], "'East' can't be the name of a cluster", "e.g. prod-1"),
    "a path": (["aws", "../east"], "'../east' can't be the name", "e.g. prod-1"),
    "digits": (["aws", "123"], "'123' can't be the name", "not digits alone"),
    "no text in YAML": (["aws", "true"], "'true' can't be the name", "e.g. prod-1"),
    "long": (["aws", LONG], "cluster.infrastructureName = ", "at most 63"),
    "no infrastructure": (
        ["aws", "a", "--infrastructure-name", "A b"],
        'cluster.infrastructureName = "A b": is not a DNS label',
        "lower-case",
    ),
    "there already": (["aws", "there"], "Pulumi.there.yaml already", "use another name, or edit"),
    "another's cluster": (
        ["aws", "a", "--infrastructure-name", "there-x7k2p"],
        "is the cluster of stack there",
        "keep one stack for a cluster",
    ),
}


@pytest.mark.parametrize(("arguments", "says", "fix"), REFUSED.values(), ids=REFUSED)
def test_nothing_is_written(tmp_path: Path, arguments: list[str], says: str, fix: str) -> None:
    assert new(tmp_path, "cinder", "there").exit_code == 0
    before = {each: each.read_bytes() for each in tmp_path.iterdir()}
    done = new(tmp_path, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    message, _, told_fix = done.stderr.partition("\n    fix: ")
    assert message.startswith("ocpreg new: ") and says in message
    assert fix in told_fix
    assert {each: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_no_folder(tmp_path: Path) -> None:
    done = new(tmp_path / "none", "aws", "east-7")
    assert done.exit_code == 2
    assert f"{tmp_path}/none/Pulumi.east-7.yaml: no such file or directory" in done.stderr
    assert "fix: name a folder with --stacks-dir" in done.stderr


@pytest.mark.slow
def test_installed_without_a_checkout(tmp_path: Path) -> None:
    """The examples come with the package."""
    source = tmp_path / "source"
    source.mkdir()
    shutil.copytree(ROOT / "docs" / "examples", source / "docs" / "examples")
    for name in ("settings", "cluster", "components", "fleet"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(site), str(source)], check=True)
    assert not (site / "docs").exists()
    code = (
        "import sys, fleet; from fleet.command import main\n"
        f"assert fleet.__file__.startswith({str(site)!r})\n"
        "sys.argv[1:] = ['new', 'cinder', 'east-7', '--stacks-dir', '.']\n"
        "main()\n"
    )
    environment = {"PYTHONPATH": str(site)}
    ours = [sys.executable, "-c", code]
    done = subprocess.run(ours, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert check_file(tmp_path / "Pulumi.east-7.yaml")[0] is not None
    assert {path.name for path in (site / "fleet" / "examples").glob("*.yaml")} == {
        path.name for path in PLACES[0].glob("*.yaml")
    }
