"""What the workflow files promise, read from them; and that each service would take them."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab import build
from lab.lab import say
from lab.parts import PULUMI_SDK, _required
from lab.paths import ROOT
from tests.workflows.steps import STEPS

GITHUB = sorted((ROOT / "workflows" / "github").glob("*.yml"))
OWN = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GITLAB = sorted((ROOT / "workflows" / "gitlab").glob("*.yml"))
CHECK = ROOT / ".venv" / "bin" / "check-jsonschema"

PERMISSIONS = {
    "check": {"contents": "read"},
    "preview": {"contents": "read", "id-token": "write"},
    "comment": {"contents": "read", "pull-requests": "write"},
    "changed": {"contents": "read"},
    "up": {"contents": "read", "id-token": "write"},
    "drift": {"contents": "read", "id-token": "write"},
}
"""Of each job on GitHub, and no others."""

OF_ONE_SERVICE = {"child"}
"""Steps that only GitLab has; there is nothing of the kind to do on GitHub."""


def load(file: Path) -> dict[str, Any]:
    # Without YAML 1.1's booleans, of which `on` is one.
    text = re.sub(r"^on:", '"on":', file.read_text(), flags=re.MULTILINE)
    return yaml.safe_load(text)


def github_jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in GITHUB:
        yield from load(file)["jobs"].items()


def github_steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in github_jobs():
        for step in job["steps"]:
            yield name, step


def gitlab_scripts() -> Iterator[str]:
    for file in GITLAB:
        for job in load(file).values():
            if isinstance(job, dict):
                for key in ("before_script", "script", "after_script"):
                    yield from job.get(key, [])


@pytest.mark.lab
def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    folder = build.toolchain(say, ["actionlint"]).built["actionlint"]
    # Shells are judged by what is in the scripts; what may be on PATH here is on no other machine.
    command = [folder / "actionlint", "-no-color", "-shellcheck=", "-pyflakes="]
    done = subprocess.run([*command, *GITHUB, *OWN], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(GITHUB[0].read_text().replace("runs-on: ubuntu-latest", "runs-on: ubuntu-1"))
    assert subprocess.run([*command, wrong], capture_output=True).returncode == 1


def fits(schema: str, *files: Path) -> subprocess.CompletedProcess[str]:
    transform = ("--data-transform", "gitlab-ci") if schema == "gitlab-ci" else ()
    return subprocess.run(
        [CHECK, "--builtin-schema", f"vendor.{schema}", *transform, *files],
        capture_output=True,
        text=True,
    )


def test_files_fit_the_services_schemas(tmp_path: Path) -> None:
    for schema, files in (("gitlab-ci", GITLAB), ("github-workflows", [*GITHUB, *OWN])):
        done = fits(schema, *files)
        assert done.returncode == 0, done.stdout
        wrong = tmp_path / f"{schema}.yml"
        wrong.write_text(files[-1].read_text().replace("timeout", "tiemout"))
        wrong.write_text(wrong.read_text().replace("interruptible: true", "interruptible: maybe"))
        assert fits(schema, wrong).returncode == 1


def test_permissions_are_each_jobs_and_no_more_than_it_needs() -> None:
    assert all(load(file)["permissions"] == {} for file in GITHUB)
    assert {name: job["permissions"] for name, job in github_jobs()} == PERMISSIONS


def test_nothing_runs_with_secrets_for_a_fork() -> None:
    for file in [*GITHUB, *OWN]:
        assert "pull_request_target" not in file.read_text()
        assert "workflow_run" not in file.read_text()
    jobs = load(ROOT / "workflows" / "github" / "pull-request.yml")["jobs"]
    assert "head.repo.full_name == github.repository" in jobs["preview"]["if"]
    assert jobs["comment"]["needs"] == "preview"
    assert "needs.preview.result != 'skipped'" in jobs["comment"]["if"]
    assert "secrets." not in str(jobs["check"]) and "github.token" not in str(jobs["check"])
    for name in ("preview", "comment"):
        (rule,) = load(ROOT / "workflows" / "gitlab" / "gitlab-ci.yml")[name]["rules"]
        same = "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID"
        assert same in rule["if"]


def test_what_writes_comments_runs_no_code_of_the_pull_request() -> None:
    job = load(ROOT / "workflows" / "github" / "pull-request.yml")["jobs"]["comment"]
    (checkout,) = (each for each in job["steps"] if "checkout" in each.get("uses", ""))
    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"


def test_no_expression_is_part_of_a_shells_text() -> None:
    for _, step in github_steps():
        assert "${{" not in step.get("run", "")


def test_secrets_are_given_to_our_own_steps_alone() -> None:
    for _, job in github_jobs():
        assert "secrets." not in str({**job, "steps": []})
        assert all("secrets." not in str(each) for each in job["steps"] if "uses" in each)


def test_actions_are_named_by_the_tag_of_a_version() -> None:
    used = [step["uses"] for _, step in github_steps() if "uses" in step]
    assert len(used) > 10
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+(\.\d+)*", each) for each in used), used


def test_no_checkout_leaves_its_token_behind() -> None:
    steps = [step for _, step in github_steps() if "checkout" in step.get("uses", "")]
    assert len(steps) == len([*github_jobs()])
    assert all(step["with"]["persist-credentials"] is False for step in steps)


def test_all_end_in_time() -> None:
    assert all(0 < job["timeout-minutes"] <= 120 for _, job in github_jobs())
    base = load(ROOT / "workflows" / "gitlab" / "base.yml")
    assert base[".base"]["timeout"] and base[".clouds"]["timeout"]


def test_one_up_at_a_time_for_each_stack_and_none_is_cut_off() -> None:
    job = load(ROOT / "workflows" / "github" / "up.yml")["jobs"]["up"]
    assert job["concurrency"] == {
        "group": "up-${{ matrix.stack }}",
        "cancel-in-progress": False,
    }
    assert job["strategy"]["fail-fast"] is False
    assert job["environment"] == "${{ matrix.environment }}"
    assert "concurrency" not in load(ROOT / "workflows" / "github" / "up.yml")
    base = load(ROOT / "workflows" / "gitlab" / "base.yml")
    assert base[".up"]["interruptible"] is False
    assert base["workflow"]["auto_cancel"]["on_new_commit"] == "interruptible"


def test_up_is_followed_by_verify() -> None:
    github = load(ROOT / "workflows" / "github" / "up.yml")["jobs"]["up"]["steps"]
    ran = [Path(step["run"]).stem for step in github if "run" in step]
    gitlab = load(ROOT / "workflows" / "gitlab" / "base.yml")[".up"]["script"]
    assert ran == ["install", *(Path(each).stem for each in gitlab)]
    assert ran[1:] == ["policies", "up", "verify", "smoke"]
    # One that fails is the end of the job.
    assert not any("continue-on-error" in step or "if" in step for step in github if "run" in step)


def test_the_files_hold_no_logic() -> None:
    """Each line that is run is one script; each script is run, by both services."""
    github = [step["run"] for _, step in github_steps() if "run" in step]
    gitlab = [*gitlab_scripts()]
    steps = {f"workflows/steps/{file.name}" for file in STEPS.glob("*.sh")}
    steps.remove("workflows/steps/env.sh")
    only = {f"workflows/steps/{each}.sh" for each in OF_ONE_SERVICE}
    assert set(gitlab) == steps
    assert set(github) == steps - only


def test_a_login_runs_only_where_its_variable_is_set() -> None:
    logins = [
        step for _, step in github_steps() if re.match("(aws|google|azure)", step.get("uses", ""))
    ]
    assert len(logins) == 9
    for step in logins:
        assert re.fullmatch(r"\$\{\{ vars\.\w+ \}\}", step["if"])


def test_steps_with_the_engine_are_given_the_same_on_github() -> None:
    given = {
        (name, step["run"]): {key for key in step["env"] if key != "OCPREG_SMOKE"}
        for name, step in github_steps()
        if "PULUMI_BACKEND_URL" in step.get("env", {})
    }
    assert {Path(run).stem for _, run in given} == {"preview", "up", "verify", "smoke", "drift"}
    assert len({frozenset(each) for each in given.values()}) == 1
    page = (ROOT / "docs" / "how-to" / "workflows.md").read_text()
    told = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", page))
    everything = {name for each in given.values() for name in each}
    text = "".join(file.read_text() for file in [*GITHUB, *GITLAB])
    everything |= set(re.findall(r"(?:vars|secrets)\.(\w+)", text))
    assert everything <= told


def test_the_engine_is_the_one_that_is_tested() -> None:
    version = _required("pulumi", PULUMI_SDK).removeprefix("v")
    found = re.findall(r"pulumi-version: (\S+)", "".join(file.read_text() for file in GITHUB))
    assert {*found} == {version} and len(found) == 3
    image = load(ROOT / "workflows" / "gitlab" / "base.yml")[".base"]["image"]["name"]
    assert image == f"pulumi/pulumi-python-3.11:{version}"
