"""The pack by itself: installed, proved, enforced and published outside the checkout."""

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

from lab import build
from lab.lab import say
from lab.paths import ROOT
from tests.fleet.tiny_stacks import CLAIM, TinyStacks, claim
from tests.lab.project import Ran, pulumi
from tests.lab.pulumi_cloud import ORGANISATION, Cloud, pulumi_cloud
from tests.policies.pack_copy import copy_of_the_pack

pytestmark = pytest.mark.lab

PROGRAMS = {"bad": claim(protect=False), "good": claim(protect=True)}
VERSION = yaml.safe_load((ROOT / "policies" / "PulumiPolicy.yaml").read_text())["version"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The engine, and nothing of the checkout. pip is set up as the user has it, so that its cache
    has what was downloaded once; but it compiles nothing, of which little is needed here."""
    tools = [str(each) for each in build.toolchain(say).path]
    # The interpreter that the tests' environment was made of: it has none of their packages.
    python = str(Path(sys.executable).resolve().parent)
    others = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PULUMI", "PYTHON", "VIRTUAL_ENV"))
    }
    return {
        **others,
        "PATH": os.pathsep.join([*tools, python, "/usr/bin", "/bin"]),
        "PULUMI_HOME": str(tmp_path_factory.mktemp("home")),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PIP_COMPILE": "false",
    }


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """A copy, installed as docs/how-to/policy-pack.md says."""
    folder = copy_of_the_pack(tmp_path_factory.mktemp("alone") / "pack")
    pulumi(folder, environment, "install").ok()
    return folder


def test_its_environment_holds_the_pack_s_packages_and_no_other(pack: Path) -> None:
    asked = [str(pack / "venv" / "bin" / "python"), "-m", "pip", "list", "--format", "json"]
    listed = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
    names = {each["name"].lower().replace("_", "-") for each in listed}
    locked = {
        line.partition("==")[0]
        for line in (pack / "requirements.txt").read_text().splitlines()
        if line[:1].isalpha()
    }
    assert locked <= names and names - locked <= {"pip", "wheel"}, names - locked


def test_it_proves_itself(pack: Path, environment: dict[str, str], tmp_path: Path) -> None:
    command = [str(pack / "venv" / "bin" / "python"), str(pack / "selftest.py"), "--json"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["passed"], told["version"], told["problems"]) == (True, VERSION, [])
    assert told["policies"] == len([*(pack / "rules").glob("*.bad.yaml")])


def test_it_is_enforced_by_the_engine(pack: Path, tmp_path: Path) -> None:
    tiny = TinyStacks(tmp_path / "project", PROGRAMS, {"PYTHONPATH": ""})

    def preview(stack: str) -> Ran:
        arguments = ("preview", "--stack", stack, "--policy-pack", str(pack))
        return pulumi(tiny.directory, tiny.environment, *arguments)

    bad = preview("bad").refused("claim: the claim is not protected", "[mandatory]")
    assert f"openshift-registry@v{VERSION} (local: {pack})" in bad.output
    good = preview("good").ok()
    assert f"✅ openshift-registry@v{VERSION}" in good.output and "[mandatory]" not in good.output


def files(pack: Path) -> set[str]:
    """What belongs to the pack."""
    made = {"venv", "__pycache__"}
    paths = [each.relative_to(pack) for each in pack.rglob("*") if each.is_file()]
    return {str(each) for each in paths if not made & {*each.parts}}


def publish(cloud: Cloud, environment: dict[str, str], folder: Path) -> dict[str, bytes]:
    """What was uploaded: path -> content."""
    to = {"PULUMI_BACKEND_URL": cloud.url, "PULUMI_ACCESS_TOKEN": "pul-of-a-test"}
    pulumi(folder, {**environment, **to}, "policy", "publish", ORGANISATION).ok()
    with tarfile.open(fileobj=io.BytesIO(cloud.uploaded[-1])) as archive:
        return {
            each.name.removeprefix("package/"): archive.extractfile(each).read()
            for each in archive.getmembers()
            if each.isfile()
        }


def test_it_is_published_whole_from_a_copy_and_from_the_checkout(
    pack: Path, environment: dict[str, str]
) -> None:
    """As far as the CLI goes: what Pulumi Cloud does with it was not tried."""
    with pulumi_cloud() as cloud:
        uploaded = publish(cloud, environment, pack)
        from_the_checkout = publish(cloud, environment, ROOT / "policies")
    assert set(uploaded) == files(pack)
    assert "rules/claim_protected.bad.yaml" in uploaded and "selftest.py" in uploaded
    assert from_the_checkout == uploaded
    about = cloud.published[0]
    assert (about["name"], about["versionTag"], about["runtime"]) == (
        "openshift-registry",
        VERSION,
        "python",
    )
    policies = {each["name"]: each for each in about["policies"]}
    assert len(policies) == len([*(pack / "rules").glob("*.bad.yaml")])
    claim = policies["claim-protected"]
    assert (claim["enforcementLevel"], claim["severity"]) == ("mandatory", "critical")
    assert claim["remediationSteps"].startswith("Give the claim `protect=True`")
    assert all(
        each.endswith(f"/openshift-registry/versions/{VERSION}/complete")
        for each in cloud.completed
    )
    assert len(cloud.completed) == 2


def test_a_policy_group_gets_the_levels_and_settings_of_the_configuration_and_no_exception(
    pack: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    config, exceptions = tmp_path / "policy-config.json", tmp_path / "exceptions.yaml"
    exceptions.write_text(
        f"[{{id: EX-1, policies: [claim-protected], targets: ['urn:pulumi:a::b::{CLAIM}::claim'], "
        "reason: of a test, until: 2099-01-01}]"
    )
    subprocess.run(
        [str(pack / "venv" / "bin" / "python"), str(pack / "render.py")]
        + ["--environment", "development", "--exceptions", str(exceptions), "-o", str(config)],
        check=True,
    )
    assert "EX-1" in json.loads(config.read_text())["exceptions"]
    with pulumi_cloud() as cloud:
        to = {"PULUMI_BACKEND_URL": cloud.url, "PULUMI_ACCESS_TOKEN": "pul-of-a-test"}
        enabled = ("policy", "enable", f"{ORGANISATION}/openshift-registry", VERSION)
        options = ("--policy-group", "development", "--config", str(config))
        pulumi(pack, {**environment, **to}, *enabled, *options).ok()
    ((group, sent),) = cloud.groups
    added = sent["addPolicyPack"]
    assert (group, added["versionTag"]) == ("development", VERSION)
    assert added["config"]["claim-protected"] == {"enforcementLevel": "advisory"}
    assert added["config"]["claim-minimum-size"]["minimumGiB"] == 1
    assert "EX-1" not in json.dumps(sent)
