"""selftest.py proves the pack, and names each policy that does not behave."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pack_copy import copy_of_the_pack

from rules import RULES

pytestmark = pytest.mark.slow


def selftest(pack: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(pack / "selftest.py"), *arguments]
    return subprocess.run(command, cwd=pack.parent, capture_output=True, text=True)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return copy_of_the_pack(tmp_path / "pack")


def change(pack: Path, name: str, old: str, new: str) -> None:
    file = pack / "rules" / name
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


def test_a_whole_pack_passes(pack: Path) -> None:
    done = selftest(pack)
    assert done.returncode == 0, done.stdout + done.stderr
    (summary,) = done.stdout.splitlines()
    assert f"{len(RULES)} policies" in summary and summary.endswith("all as they should be")


def test_each_policy_that_does_not_behave_is_named(pack: Path) -> None:
    never = ("if not claim.opts.protect and", "if False and not claim.opts.protect and")
    change(pack, "claim_protected.py", *never)
    change(pack, "bucket_protected.py", "if not bucket.opts.protect", "if True")
    raises = 'raise ValueError("out of order")\n    yield'
    change(pack, "registry_removed.py", "yield", raises)
    change(pack, "key_rotated.py", "level=Level.", 'level=Level("disabled") or Level.')
    (pack / "rules" / "bucket_encrypted.bad.yaml").unlink()
    (pack / "rules" / "proxy_scheme.good.yaml").write_text("[]\n")
    (pack / "rules" / "pruner_suspended.py").unlink()
    (pack / "rules" / "route_names.good.yaml").write_text("- {title: a, wrong: b}\n")
    done = selftest(pack, "--json")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    told = json.loads(done.stdout)
    assert told["passed"] is False and told["policies"] == len(RULES)
    says = {each["policy"]: each["says"] for each in told["problems"]}
    assert says == {
        "bucket-encrypted": "has no bad example (bucket_encrypted.bad.yaml)",
        "bucket-protected": "reports a good example",
        "claim-protected": "does not report a bad example",
        "key-rotated": "does not report a bad example",
        "proxy-scheme": "has no good example (proxy_scheme.good.yaml)",
        "pruner-suspended": "is not in the running pack, and has examples",
        "registry-removed": says["registry-removed"],
        "route-names": "has good examples that can't be read (route_names.good.yaml)",
    }
    assert "breaks on a bad example" in says["registry-removed"]
    assert "out of order" in says["registry-removed"]


def test_the_text_names_them_and_counts_them(pack: Path) -> None:
    change(pack, "bucket_protected.py", "if not bucket.opts.protect", "if True")
    done = selftest(pack)
    *problems, summary = done.stdout.splitlines()
    assert done.returncode == 1 and problems
    assert all(each.startswith("bucket-protected: reports a good example: ") for each in problems)
    assert summary.endswith("; 1 wrong")


def test_a_pack_that_does_not_start_says_why(pack: Path) -> None:
    change(pack, "claim_protected.py", "@resource_rule(", "@resource_rule((")
    done = selftest(pack)
    assert done.returncode == 1
    assert done.stdout.startswith("the pack: does not start: ")
    assert "claim_protected.py" in done.stdout
    assert done.stdout.endswith("the pack could not be asked\n")


def test_a_python_without_its_packages_is_told_what_to_do(pack: Path) -> None:
    # -S: without site-packages.
    command = [sys.executable, "-S", str(pack / "selftest.py")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert f"in {pack}: pulumi install" in done.stdout
