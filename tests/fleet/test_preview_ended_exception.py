"""An exception that has ended: the preview fails, and says which it was and who renews it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lab.paths import ROOT
from tests.fleet.tiny_stacks import CLAIM, TinyStacks, claim
from tests.quick import quick

pytestmark = pytest.mark.lab

STACK_FILE = """
config:
  openshift-registry:cluster: {environment: production}
"""
EXCEPTION = f"""
- id: EX-7
  policies: [claim-protected]
  targets: ["urn:pulumi:prod::openshift-registry::{CLAIM}::claim"]
  reason: The volume is backed up elsewhere
  until: 2026-06-30
  approvedBy: platform-storage
"""
ENDED = "Exception EX-7 ended on 2026-06-30"
RENEWED = "have the exception renewed by platform-storage"


@pytest.fixture(scope="module")
def tiny(quick_runs: None, tmp_path_factory: pytest.TempPathFactory) -> TinyStacks:
    folder = tmp_path_factory.mktemp("ended") / "project"
    made = TinyStacks(folder, {"prod": claim(protect=False)}, quick.python)
    file = made.directory / "stacks" / "Pulumi.prod.yaml"
    salt = file.read_text() if file.exists() else ""
    file.write_text(salt + STACK_FILE)
    return made


def preview(tiny: TinyStacks, today: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """With the pack's configuration as it is rendered on that day, for the stack's environment."""
    (tiny.directory / "exceptions.yaml").write_text(EXCEPTION)
    script = str(ROOT / "policies" / "render.py")
    subprocess.run(
        [sys.executable, script, "--environment", "production", "--today", today]
        + ["--exceptions", "exceptions.yaml", "-o", "policies-production.json"],
        cwd=tiny.directory,
        check=True,
    )
    pack = ("--policy-pack", str(ROOT / "policies"))
    config = ("--policy-pack-config", "policies-{environment}.json")
    return tiny.preview(*pack, *config, *arguments)


def comment(tiny: TinyStacks, folder: Path) -> str:
    done = tiny.ocpreg("comment", str(folder))
    assert done.returncode == 0, done.stderr
    return done.stdout


def judged(
    tiny: TinyStacks, folder: Path, today: str, code: int
) -> tuple[dict[str, Any], dict[str, Any], str]:
    """What that day's preview, which ends with that code, says in JSON of the stack and of its one
    violation; and all of it."""
    done = preview(tiny, today, "--json", "--out", str(folder))
    assert done.returncode == code, done.stdout + done.stderr
    (stack,) = json.loads(done.stdout)["stacks"]
    (violation,) = [each for each in stack["violations"] if each["policy"] == "claim-protected"]
    return stack, violation, done.stdout


def test_until_its_last_day_it_waives_and_its_end_is_shown(
    tiny: TinyStacks, tmp_path: Path
) -> None:
    _, violation, said = judged(tiny, tmp_path, "2026-06-30", code=0)
    assert violation["exceptions"] == [
        {"id": "EX-7", "reason": "The volume is backed up elsewhere (until 2026-06-30)"}
    ]
    assert "ended" not in said
    text = comment(tiny, tmp_path)
    assert "waived by `EX-7` until **2026-06-30**: The volume is backed up elsewhere" in text


def test_on_the_day_after_the_preview_fails_and_says_whose_exception_it_was(
    tiny: TinyStacks, tmp_path: Path
) -> None:
    stack, violation, _ = judged(tiny, tmp_path, "2026-07-01", code=3)
    assert (stack["environment"], stack["result"]) == ("production", "violations")
    assert (violation["level"], violation["exceptions"]) == ("mandatory", [])
    assert ENDED in violation["message"] and RENEWED in violation["message"]
    assert "Fix: Give the claim `protect=True`" in violation["message"]
    text = comment(tiny, tmp_path)
    assert "⛔ stopped by policy" in text
    assert ENDED in text and RENEWED in text


def test_the_table_says_so_too(tiny: TinyStacks) -> None:
    done = preview(tiny, "2026-07-01")
    assert done.returncode == 3 and "1 mandatory" in done.stdout
    assert f"{ENDED}: fix it, or {RENEWED}." in done.stdout
