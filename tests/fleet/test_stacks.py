"""`ocpreg stacks` on a repository: what a change touches."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from fleet.command import app

ENVIRONMENTS = {"dev": "development", "prod-1": "production", "prod-2": "production"}


class Repository:
    """A project of three stacks, committed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.git("init", "-q")
        self.write("Pulumi.yaml", "name: p\nruntime: python\nstackConfigDir: stacks\n")
        self.write("__main__.py", "")
        self.write("README.md", "")
        for stack, environment in ENVIRONMENTS.items():
            config = f"config:\n  openshift-registry:cluster: {{environment: {environment}}}\n"
            self.write(f"stacks/Pulumi.{stack}.yaml", config)
        self.commit()

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.test")
        command = ["git", *identity, *arguments]
        return subprocess.run(
            command, cwd=self.directory, check=True, capture_output=True, text=True
        ).stdout

    def write(self, path: str, text: str = "# changed\n") -> None:
        (self.directory / path).parent.mkdir(parents=True, exist_ok=True)
        (self.directory / path).write_text(text)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a change")

    def stacks(self, *arguments: str) -> Result:
        folder = str(self.directory / "stacks")
        return CliRunner().invoke(app, ["stacks", "--stacks-dir", folder, *arguments])

    def touched(self) -> list[str]:
        """By the last commit."""
        done = self.stacks("--changed-since", "HEAD^", "--json")
        assert done.exit_code == 0, done.output
        return [each["stack"] for each in json.loads(done.stdout)["stacks"]]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_all_of_them(repository: Repository) -> None:
    assert repository.stacks().stdout == "dev\nprod-1\nprod-2\n"
    assert repository.stacks("--stack", "prod-*", "--except", "*-2").stdout == "prod-1\n"
    told = json.loads(repository.stacks("--json").stdout)
    assert {each["stack"]: each["environment"] for each in told["stacks"]} == ENVIRONMENTS


def test_a_stack_file(repository: Repository) -> None:
    repository.write("stacks/Pulumi.prod-2.yaml")
    repository.commit()
    assert repository.touched() == ["prod-2"]


def test_a_new_stack_file(repository: Repository) -> None:
    repository.write("stacks/Pulumi.prod-3.yaml")
    repository.commit()
    assert repository.touched() == ["prod-3"]


def test_a_stack_file_that_is_deleted(repository: Repository) -> None:
    (repository.directory / "stacks" / "Pulumi.prod-1.yaml").unlink()
    repository.commit()
    done = repository.stacks("--changed-since", "HEAD^")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "prod-1: its file is deleted; what the stack has made stays" in done.stderr


def test_a_stack_file_that_is_renamed(repository: Repository) -> None:
    repository.git("mv", "stacks/Pulumi.prod-1.yaml", "stacks/Pulumi.prod-9.yaml")
    repository.commit()
    told = json.loads(repository.stacks("--changed-since", "HEAD^", "--json").stdout)
    assert ([each["stack"] for each in told["stacks"]], told["gone"]) == (["prod-9"], ["prod-1"])


@pytest.mark.parametrize(
    "path",
    [
        "__main__.py",
        "Pulumi.yaml",
        "components/azure/key.py",
        "settings/s3.py",
        "cluster/read.py",
        "policies/exceptions.yaml",
        "requirements/aws.txt",
        "pyproject.toml",
        "a-folder-that-is-new/of-somebody.py",
    ],
)
def test_what_touches_all(repository: Repository, path: str) -> None:
    repository.write(path, "stackConfigDir: stacks\n")
    repository.write("stacks/Pulumi.prod-2.yaml")
    repository.commit()
    assert repository.touched() == [*ENVIRONMENTS]
    done = repository.stacks("--changed-since", "HEAD^")
    assert f"all stacks are touched: {path} is changed" in done.stderr


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "docs/how-to/check.md",
        "tests/lab/test_aws.py",
        "lab/parts.py",
        "fleet/check.py",
        "workflows/steps/up.sh",
        ".github/workflows/up.yml",
        "stacks/schema.json",
        "Makefile",
    ],
)
def test_what_touches_none(repository: Repository, path: str) -> None:
    repository.write(path)
    repository.commit()
    assert repository.touched() == []


def test_a_project_that_is_part_of_a_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "project").mkdir()
    inner = Repository.__new__(Repository)
    inner.directory = tmp_path / "project"
    for path in ("Pulumi.yaml", "__main__.py", "stacks/Pulumi.a.yaml", "stacks/Pulumi.b.yaml"):
        inner.write(path, "stackConfigDir: stacks\n" if path == "Pulumi.yaml" else "")
    inner.commit()
    (tmp_path / "elsewhere.py").write_text("")
    inner.write("stacks/Pulumi.b.yaml")
    inner.git("add", "-A", "..")
    inner.commit()
    assert inner.touched() == ["b"]


def test_a_file_that_does_not_say_its_environment(repository: Repository) -> None:
    """It is kept as safe as production: a workflow takes its gate from there."""
    for text in ("", "config: [", "config:\n  openshift-registry:cluster: {environment: ''}\n"):
        repository.write("stacks/Pulumi.dev.yaml", text)
        told = json.loads(repository.stacks("--stack", "dev", "--json").stdout)
        assert told["stacks"] == [{"stack": "dev", "environment": "production"}]


@pytest.mark.parametrize("since", ["nonsense", "--output=x", "0" * 40])
def test_a_commit_that_is_not_there(repository: Repository, since: str) -> None:
    done = repository.stacks("--changed-since", since)
    assert done.exit_code == 2
    assert "fix: name a commit that the clone has" in done.stderr


def test_a_name_that_a_shell_would_run(repository: Repository) -> None:
    repository.write("stacks/Pulumi.$(touch x).yaml")
    done = repository.stacks()
    assert (done.exit_code, done.stdout) == (2, "")
    assert "'$(touch x)' is no name" in done.stderr


def test_no_folder(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["stacks", "--stacks-dir", str(tmp_path / "none")])
    assert done.exit_code == 2 and "there is no folder" in done.stderr
