"""The steps that need no engine, and what all of them begin with."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from google.auth import identity_pool

from lab.paths import ROOT
from tests.fleet.test_stacks import Repository
from tests.workflows.steps import STEPS, ZEROS, Checkout

pytestmark = pytest.mark.slow

SCRIPTS = [*sorted(STEPS.glob("*.sh")), STEPS.parent / "pin.sh"]
NOT_CHECKED_OUT = shutil.ignore_patterns(
    ".git", ".venv", "venv", ".lab", ".*_cache", "__pycache__", "*.egg-info"
)
EXAMPLE = ROOT / "docs" / "examples" / "Pulumi.prod-aws.yaml"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    (tmp_path / "stacks").mkdir()
    return Checkout(tmp_path)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_posix_and_stops_at_what_fails(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)
    text = script.read_text()
    if script.name == "env.sh":  # sourced by all others
        assert not os.access(script, os.X_OK)
    else:
        assert text.startswith("#!/bin/sh\n") and os.access(script, os.X_OK)
        assert "\nset -eu" in text
    if script.parent == STEPS and script.name != "env.sh":
        assert '\n. "$(dirname "$0")/env.sh"\n' in text
    if shutil.which("shellcheck"):
        subprocess.run(["shellcheck", "-x", "-e", "SC1091", script], check=True)


def test_check(checkout: Checkout) -> None:
    file = checkout.directory / "stacks" / "Pulumi.prod-aws.yaml"
    shutil.copy(EXAMPLE, file)
    assert checkout.step("check").returncode == 0
    file.write_text(EXAMPLE.read_text().replace("environment: production", "environment: prod"))
    done = checkout.step("check")
    assert done.returncode == 1 and "::error" not in done.stdout
    on_github = checkout.step("check", GITHUB_ACTIONS="true")
    assert on_github.returncode == 1
    assert "::error file=stacks/Pulumi.prod-aws.yaml,line=" in on_github.stdout


@pytest.fixture
def repository(tmp_path: Path) -> tuple[Repository, Checkout]:
    found = Repository(tmp_path)
    for name in ("lab-aws", "prod-3"):
        found.write(f"stacks/Pulumi.{name}.yaml")
    found.commit()
    checkout = Checkout(tmp_path)
    found.write(".gitignore", "/.venv\n/workflows\nstacks.*\n")
    found.commit()
    return found, checkout


def changed(checkout: Checkout, **environment: str) -> list[str]:
    checkout.ok("changed", **environment)
    listed = (checkout.directory / "stacks.txt").read_text().split()
    told = json.loads((checkout.directory / "stacks.json").read_text())
    assert [each["stack"] for each in told["stacks"]] == listed
    return listed


def test_changed(repository: tuple[Repository, Checkout], tmp_path: Path) -> None:
    git, checkout = repository
    everything = ["dev", "prod-1", "prod-2", "prod-3"]  # and not the lab's
    before = git.git("rev-parse", "HEAD").strip()
    git.write("docs/page.md")
    git.commit()
    assert changed(checkout, BASE=before) == []
    git.write("stacks/Pulumi.prod-1.yaml")
    git.write("stacks/Pulumi.lab-aws.yaml")
    (git.directory / "stacks" / "Pulumi.prod-3.yaml").unlink()
    git.commit()
    assert changed(checkout, BASE=before) == ["prod-1"]
    assert changed(checkout, BASE="HEAD^") == ["prod-1"]
    said = checkout.step("changed", BASE=before).stderr
    assert said.count("prod-3: its file is deleted") == 1
    git.write("components/claim.py")
    git.commit()
    assert changed(checkout, BASE="HEAD^") == everything[:-1]
    output = tmp_path / "github-output"
    assert changed(checkout, STACKS="prod-* nobody", GITHUB_OUTPUT=str(output)) == everything[1:-1]
    (line,) = output.read_text().splitlines()
    name, _, value = line.partition("=")
    assert name == "stacks"
    assert json.loads(value)["stacks"][0] == {"stack": "prod-1", "environment": "production"}


@pytest.mark.parametrize("base", ["", ZEROS, "0123456789" * 4, "--output=x"])
def test_all_stacks_where_there_is_nothing_to_compare_with(
    repository: tuple[Repository, Checkout], base: str
) -> None:
    git, checkout = repository
    assert changed(checkout, BASE=base) == ["dev", "prod-1", "prod-2", "prod-3"]
    assert not (git.directory / "x").exists()


def test_changed_fails_where_stacks_cannot_be_told(checkout: Checkout) -> None:
    (checkout.directory / "stacks" / "Pulumi.$(touch x).yaml").write_text("")
    done = checkout.step("changed")
    assert done.returncode == 2 and "is no name" in done.stderr
    assert not (checkout.directory / "x").exists()


def test_policies(checkout: Checkout) -> None:
    folder = checkout.directory / "policies"
    shutil.copytree(ROOT / "policies", folder, ignore=NOT_CHECKED_OUT)
    checkout.ok("policies")
    for environment in ("production", "staging", "development"):
        text = (checkout.directory / f"policies-{environment}.json").read_text()
        assert json.loads(text)["version"] == 2
    (folder / "exceptions.yaml").write_text("- {id: EX-1}\n")
    assert checkout.step("policies").returncode == 1


def child(checkout: Checkout, stacks: list[dict[str, str]]) -> dict[str, Any]:
    (checkout.directory / "stacks.json").write_text(json.dumps({"stacks": stacks}))
    checkout.ok("child")
    return yaml.safe_load((checkout.directory / "child.yml").read_text())


def test_gitlabs_child_pipeline(checkout: Checkout) -> None:
    listed = [
        {"stack": "prod-1", "environment": "production"},
        {"stack": "dev", "environment": "development"},
    ]
    pipeline = child(checkout, listed)
    assert pipeline["up prod-1"] == {
        "extends": ".up",
        "variables": {"STACK": "prod-1", "ENVIRONMENT": "production"},
        "resource_group": "up-prod-1",
        "environment": {"name": "production/prod-1", "deployment_tier": "production"},
    }
    assert pipeline["up dev"]["environment"]["name"] == "development/dev"
    assert pipeline[".up"]["script"][1] == "workflows/steps/up.sh"
    fits_the_schema(checkout.directory / "child.yml")
    # GitLab refuses a pipeline without jobs.
    assert [each for each in child(checkout, []) if each[0] != "."] == [
        "workflow",
        "no stack is touched",
    ]
    fits_the_schema(checkout.directory / "child.yml")


def fits_the_schema(file: Path) -> None:
    command = ROOT / ".venv" / "bin" / "check-jsonschema"
    schema = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    done = subprocess.run([command, *schema, file], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_smoke_is_left_out_unless_it_is_wanted(checkout: Checkout) -> None:
    assert "left out" in checkout.ok("smoke", STACK="prod-1")
    assert checkout.step("smoke", STACK="prod-1", OCPREG_SMOKE="true").returncode != 0


def test_a_cloud_that_there_is_not(checkout: Checkout) -> None:
    (checkout.directory / ".venv").unlink()
    done = checkout.step("install", OCPREG_CLOUDS="ibm")
    assert done.returncode == 2 and "fix: aws, azure, gcp, openstack" in done.stderr


def test_install(tmp_path: Path) -> None:
    """In a checkout of its own, as a service has it."""
    clone = tmp_path / "clone"
    shutil.copytree(ROOT, clone, ignore=NOT_CHECKED_OUT)
    # pip's cache, and its index; to compile all of it takes as long as to install it
    home = {"HOME": os.environ["HOME"], "PIP_COMPILE": "false"}
    # The interpreter that the tests' environment was made of: another may take a third longer.
    python = str(Path(sys.executable).resolve().parent)
    home["PATH"] = os.pathsep.join([python, os.environ["PATH"]])
    (clone / ".venv").mkdir()  # instead of the link to this one
    done = Checkout(clone).step("install", **home)
    if "Retrying (Retry(" in done.stderr:
        pytest.skip("no package index is reached")
    assert done.returncode == 0, done.stderr
    run = [clone / ".venv" / "bin" / "python", "-c"]
    assert subprocess.run([*run, "import pulumi_kubernetes, fleet"]).returncode == 0
    pack = [clone / "policies" / "venv" / "bin" / "python", "-c", "import pulumi_policy"]
    assert subprocess.run(pack).returncode == 0
    failed = subprocess.run([*run, "import pulumi_aws"], capture_output=True, text=True)
    assert "No module named 'pulumi_aws'" in failed.stderr
    assert Checkout(clone).step("check").returncode == 0


def shown(checkout: Checkout, shell: str, **environment: str) -> str:
    """What a step of these lines prints."""
    (checkout.directory / "steps").mkdir(exist_ok=True)
    place = checkout.directory / "own" / "steps"
    place.mkdir(parents=True, exist_ok=True)
    (place / "env.sh").write_text((STEPS / "env.sh").read_text())
    script = place / "probe.sh"
    script.write_text(f'#!/bin/sh\nset -eu\n. "$(dirname "$0")/env.sh"\n{shell}\n')
    script.chmod(0o755)
    done = subprocess.run(
        [script],
        cwd=checkout.directory,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(checkout.directory), **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_empty_is_not_set(checkout: Checkout) -> None:
    """As GitHub hands on what nobody has set."""
    names = ("PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "AWS_REGION", "OS_CLOUD")
    empty = dict.fromkeys(names, "")
    assert shown(checkout, "env", **empty).count("=\n") == 0
    kept = shown(checkout, 'echo "$PULUMI_CONFIG_PASSPHRASE"', PULUMI_CONFIG_PASSPHRASE='a "b" $c')
    assert kept == 'a "b" $c\n'


def test_files_of_secrets_are_there_for_the_step_alone(checkout: Checkout) -> None:
    given = {"KUBECONFIG_CONTENT": "clusters: [1]", "OPENSTACK_CLOUDS_YAML": "clouds: {}"}
    probe = (
        'env; cat "$KUBECONFIG" "$OS_CLIENT_CONFIG_FILE"; stat -c %a "$scratch"; echo "$scratch"'
    )
    *lines, mode, scratch = shown(checkout, probe, **given).splitlines()
    assert lines[-2:] == ["clusters: [1]", "clouds: {}"] and mode == "700"
    assert not any(line.startswith((*given,)) for line in lines)
    assert scratch.startswith(str(checkout.directory)) and not Path(scratch).exists()
    assert f"TMPDIR={scratch}" in lines


def test_they_go_also_when_a_step_fails(checkout: Checkout) -> None:
    with pytest.raises(AssertionError):
        shown(checkout, "false", KUBECONFIG_CONTENT="clusters: [1]")
    assert not [*checkout.directory.glob("tmp*")]


def test_gitlabs_tokens(checkout: Checkout) -> None:
    given = {
        "AWS_ID_TOKEN": "token-1",
        "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/previews",
        "GOOGLE_ID_TOKEN": "token-2",
        "GCP_WORKLOAD_IDENTITY_PROVIDER": "projects/1/locations/global/workloadIdentityPools/p/"
        "providers/gitlab",
        "GCP_SERVICE_ACCOUNT": "previews@p.iam.gserviceaccount.com",
        "AZURE_ID_TOKEN": "token-3",
        "AZURE_CLIENT_ID": "c",
        "AZURE_TENANT_ID": "t",
        "AZURE_SUBSCRIPTION_ID": "s",
    }
    kept = checkout.directory / "kept"
    said = shown(checkout, f'cp -r "$scratch" {kept}; env', **given)
    lines = dict(line.split("=", 1) for line in said.splitlines())
    assert lines["AWS_ROLE_ARN"] == given["AWS_ROLE_ARN"]
    files = {
        "AWS_WEB_IDENTITY_TOKEN_FILE": "token-1",
        "AZURE_FEDERATED_TOKEN_FILE": "token-3",
        "ARM_OIDC_TOKEN_FILE_PATH": "token-3",
    }
    for name, token in files.items():
        assert (kept / Path(lines[name]).name).read_text() == token
    assert (lines["ARM_USE_OIDC"], lines["ARM_SUBSCRIPTION_ID"]) == ("true", "s")
    assert not {"AWS_ID_TOKEN", "GOOGLE_ID_TOKEN", "AZURE_ID_TOKEN"} & lines.keys()
    # Google's own client takes the file.
    config = kept / Path(lines["GOOGLE_APPLICATION_CREDENTIALS"]).name
    credentials = identity_pool.Credentials.from_file(str(config))
    assert credentials.service_account_email == given["GCP_SERVICE_ACCOUNT"]


def test_without_tokens_no_cloud_is_logged_in_to(checkout: Checkout) -> None:
    said = shown(checkout, "env", AWS_ID_TOKEN="canary", AZURE_ID_TOKEN="canary", AWS_ROLE_ARN="")
    assert "canary" not in said and "ARM_" not in said


def test_actions_are_pinned_to_the_commits_of_their_tags(tmp_path: Path) -> None:
    remote = Repository.__new__(Repository)
    remote.directory = tmp_path / "remotes" / "actions" / "checkout"
    remote.directory.mkdir(parents=True)
    remote.git("init", "-q")
    remote.write("a")
    remote.commit()
    remote.git("tag", "-a", "v5", "-m", "annotated")
    remote.git("tag", "v5.1")
    commit = remote.git("rev-parse", "HEAD").strip()
    file = tmp_path / "w.yml"
    text = "- uses: actions/checkout@v5\n  with: {}\n- uses: a/b@0123 # v1\n- run: v5\n"
    file.write_text(text)
    (tmp_path / ".gitconfig").write_text(
        f'[url "file://{tmp_path}/remotes/"]\n\tinsteadOf = https://github.com/\n'
    )
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    pin = [STEPS.parent / "pin.sh", file]
    for _ in range(2):  # once more changes nothing
        subprocess.run(pin, env=environment, check=True, capture_output=True)
        assert file.read_text() == text.replace("checkout@v5", f"checkout@{commit} # v5")
    file.write_text(text.replace("@v5", "@v6"))
    done = subprocess.run(pin, env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and "there is no tag v6 in actions/checkout" in done.stderr
    assert file.read_text() == text.replace("@v5", "@v6")
