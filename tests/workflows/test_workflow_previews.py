"""Preview and comment as a pull request has them: a real engine, and the services' APIs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from lab.paths import ROOT
from tests.fleet.forges import Forge, serving
from tests.fleet.tiny_stacks import TinyStacks
from tests.quick import quick
from tests.workflows.steps import Checkout

pytestmark = pytest.mark.lab

PROGRAMS = {
    "prod-1": "import pulumi\npulumi.export('a', 1)\n",
    "prod-2": "import pulumi, sys\npulumi.log.error('prod-2 is wrong')\nsys.exit(32)",
    "says-nothing": "",
}


@pytest.fixture(scope="module")
def tiny(quick_runs: None, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    folder = tmp_path_factory.mktemp("workflow") / "project"
    project = TinyStacks(folder, PROGRAMS, quick.python)
    for stack in ("prod-1", "prod-2"):
        file = project.directory / "stacks" / f"Pulumi.{stack}.yaml"
        config = {"openshift-registry:cluster": {"environment": "production"}}
        document = {**yaml.safe_load(file.read_text()), "config": config}
        file.write_text(yaml.safe_dump(document))
    (project.directory / "policies").symlink_to(ROOT / "policies")
    checkout = Checkout(project.directory, project.environment)
    checkout.ok("policies")
    return checkout


@pytest.fixture(params=["github", "gitlab"])
def forge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Forge]:
    with serving(Forge(request.param)) as found:
        yield found


def comment(tiny: Checkout, forge: Forge, summary: Path, **environment: str) -> int:
    own = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    more = own if forge.kind == "github" else {"GITLAB_CI": "true"}
    return tiny.step("comment", **{**forge.environment, **more, **environment}).returncode


def test_a_preview_that_fails_has_its_comment(tiny: Checkout, forge: Forge, tmp_path: Path) -> None:
    tiny.ok("changed", STACKS="prod-*")
    assert tiny.step("preview").returncode == 1
    assert comment(tiny, forge, tmp_path / "summary") == 0
    (posted,) = forge.comments
    assert "2 clusters: 1 failed, 1 with changes" in posted["body"]
    assert "prod-2 is wrong" in posted["body"]
    if forge.kind == "github":
        assert "prod-2 is wrong" in (tmp_path / "summary").read_text()
    # The next push mends it, and touches one stack alone.
    tiny.ok("changed", STACKS="prod-1")
    tiny.ok("preview")
    assert comment(tiny, forge, tmp_path / "summary") == 0
    (posted,) = forge.comments
    assert "1 cluster: 1 with changes" in posted["body"] and "prod-2" not in posted["body"]
    # The one after that touches none: what was said of others is not left standing.
    tiny.ok("changed", STACKS="nobody")
    assert "no stack is touched" in tiny.ok("preview")
    assert comment(tiny, forge, tmp_path / "summary") == 0
    (posted,) = forge.comments
    assert "no cluster is touched" in posted["body"] and "prod-1" not in posted["body"]


def test_a_preview_that_never_began(tiny: Checkout, forge: Forge, tmp_path: Path) -> None:
    previews = tiny.directory / "previews"
    if previews.exists():
        previews.rename(tmp_path / "previews")
    assert comment(tiny, forge, tmp_path / "summary") == 0
    assert "No preview has left anything" in forge.comments[0]["body"]


def test_a_comment_that_is_not_posted_fails(tiny: Checkout, forge: Forge, tmp_path: Path) -> None:
    wrong = {"GITHUB_TOKEN": "another", "GITLAB_TOKEN": "another"}
    assert comment(tiny, forge, tmp_path / "summary", **wrong) == 1
    assert forge.comments == []


def test_a_file_without_environment_fails_over_itself(tiny: Checkout) -> None:
    """Not over the policies' file of an environment that there is not."""
    tiny.ok("changed", STACKS="says-nothing")
    tiny.ok("preview")
    told = json.loads((tiny.directory / "previews" / "summary.json").read_text())
    assert [each["result"] for each in told["stacks"]] == ["changes"]


def test_previews_and_drift_leave_the_state_as_it_is(tiny: Checkout) -> None:
    """So a login that may only read it is enough."""
    state = tiny.directory / "state"

    def kept() -> dict[str, bytes]:
        files = (each for each in state.rglob("*") if each.is_file())
        return {str(each): each.read_bytes() for each in files}

    before = kept()
    tiny.ok("changed", STACKS="prod-1")
    tiny.ok("preview")
    tiny.step("drift")
    assert kept() == before and before
