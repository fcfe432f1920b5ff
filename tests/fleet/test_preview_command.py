"""`ocpreg preview` over programs that end in every way, with the real engine and no cluster."""

import base64
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.fleet.tiny_stacks import OCPREG, TinyStacks

pytestmark = pytest.mark.lab

CANARY = "CANARY7a9f3c-of-the-stack-file"
PROGRAMS = {
    "empty": "",
    "changes": "import pulumi\npulumi.export('a', 1)\npulumi.ComponentResource('a:b:C', 'c')\n",
    "prints": "print('a line of the program')",
    "refuses": "import pulumi, sys\npulumi.log.error('stacks/x: is wrong')\nsys.exit(32)",
    "breaks": "raise ValueError('out of order')",
    "exits": "import sys\nsys.exit(3)",
    "dies": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "hangs": "import time\ntime.sleep(100)",
    "apart": "import os\nos.environ['MARK'] = 'x'\nassert 'MARKED' not in os.environ\n"
    "os.environ['MARKED'] = 'yes'",
}


@pytest.fixture(scope="module")
def tiny(quick_runs: None, tmp_path_factory: pytest.TempPathFactory) -> TinyStacks:
    return TinyStacks(tmp_path_factory.mktemp("tiny") / "project", PROGRAMS)


def test_one_that_fails_hides_none(
    tiny: TinyStacks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, scratch = tmp_path / "out", tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setitem(tiny.environment, "TMPDIR", str(scratch))
    done = tiny.preview("--parallel", "3", "--timeout", "8", "--json", "--out", str(out))
    told = {each["stack"]: each for each in json.loads(done.stdout)["stacks"]}
    assert done.returncode == 1
    assert {name: each["result"] for name, each in told.items()} == {
        "apart": "same" if told["apart"]["changes"].get("same") else "changes",
        "breaks": "failed",
        "changes": "changes",
        "dies": "failed",
        "empty": "changes",
        "exits": "failed",
        "hangs": "failed",
        "prints": "changes",
        "refuses": "failed",
    }
    errors = {name: "\n".join(each["errors"]) for name, each in told.items()}
    assert errors["refuses"] == "stacks/x: is wrong"
    assert "ValueError: out of order" in errors["breaks"]
    assert "the program exited with 3" in errors["exits"]
    assert "process has ended by itself: exit code -9" in errors["dies"]
    assert "took more than 8 s and was ended" in errors["hangs"]
    assert told["changes"]["changes"] == {"create": 2}
    assert json.loads((out / "summary.json").read_text()) == json.loads(done.stdout)
    assert "a line of the program" in (out / "prints" / "preview.txt").read_text()
    for name in told:
        assert (out / name / "events.jsonl").exists()
    # Without a terminal, a line for each as it ends.
    lines = done.stderr.splitlines()
    assert sorted(line.split()[1].rstrip(":") for line in lines) == sorted(PROGRAMS)
    assert lines[-1].startswith("[9/9] ")
    # Nor is anything left of one that has died, which could hold a kubeconfig.
    assert not [*scratch.iterdir()]


def test_exit_codes(tiny: TinyStacks) -> None:
    assert tiny.preview("--stack", "changes").returncode == 0
    assert tiny.preview("--stack", "changes", "--expect-no-changes").returncode == 4
    assert tiny.preview("--stack", "[ce]*s", "--stack", "empty").returncode == 1
    none = tiny.preview("--stack", "prod-*")
    assert none.returncode == 2
    assert "no file Pulumi.<stack>.yaml whose stack fits 'prod-*' in stacks" in none.stderr


def test_what_is_printed(tiny: TinyStacks) -> None:
    done = tiny.preview("--stack", "changes", "--stack", "refuses", "--diff")
    assert done.stdout.startswith("changes:\nPreviewing update (changes):\n")
    table = done.stdout[done.stdout.index("stack    result") :].splitlines()
    assert table[0].split() == ["stack", "result", "changes", "policies", "time"]
    assert table[1].startswith("changes  changes  +2 to create")
    assert table[2].startswith("refuses  failed")
    assert "refuses: error: stacks/x: is wrong" in table
    assert table[-1] == "2 stacks previewed: 1 changes, 1 failed"


def test_folders_that_are_none(tiny: TinyStacks, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "Pulumi.yaml").write_text("name: empty\n")
    for arguments, says in (
        (["--stacks-dir", "nowhere"], "there is no folder nowhere"),
        (["--stacks-dir", "programs"], "is not where the project"),
        (["--stacks-dir", str(tmp_path)], "there is no Pulumi.yaml in"),
        (["--stacks-dir", str(empty)], "there is no __main__.py in"),
        (["--out", "Pulumi.yaml"], "nothing can be kept in Pulumi.yaml: File exists"),
    ):
        done = tiny.preview(*arguments)
        assert done.returncode == 2
        assert says in done.stderr and "fix: " in done.stderr


def test_without_an_engine(tiny: TinyStacks) -> None:
    done = subprocess.run(
        [*OCPREG, "preview"],
        cwd=tiny.directory,
        env={**tiny.environment, "PATH": "/nowhere"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "there is no pulumi on PATH\n    fix: install Pulumi" in done.stderr


def test_on_a_terminal(tiny: TinyStacks) -> None:
    """A line that lives, and goes; then the table."""
    command = " ".join([*OCPREG, "preview", "--stack", "changes", "--stack", "empty"])
    done = subprocess.run(
        ["script", "-qec", command, "/dev/null"],
        cwd=tiny.directory,
        env={**tiny.environment, "TERM": "xterm", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout
    assert "0 of 2 previewed; " in done.stdout and "[2/2] " in done.stdout
    assert "\x1b[" in done.stdout and "2 stacks previewed: 2 changes" in done.stdout


def test_a_stack_that_is_not_there(tiny: TinyStacks) -> None:
    (tiny.directory / "stacks" / "Pulumi.new.yaml").write_text("config: {}\n")
    done = tiny.preview("--stack", "new")
    (tiny.directory / "stacks" / "Pulumi.new.yaml").unlink()
    assert done.returncode == 1
    assert "new: error: no stack named 'new' found\n    fix: make it: pulumi stack" in done.stdout


def test_an_earlier_run_is_gone(tiny: TinyStacks, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "mine.txt").write_text("")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "events.jsonl").write_text("")
    (tmp_path / "other" / "mine").write_text("")
    tiny.preview("--stack", "empty", "--out", str(tmp_path))
    tiny.preview("--stack", "changes", "--out", str(tmp_path))
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "changes", "mine.txt", "other", "summary.json",
    ]  # fmt: skip


def test_nothing_secret_is_kept_or_said(tmp_path: Path) -> None:
    """Also what the engine can't know: a secret in base64, or printed."""
    program = f"""
        import base64, pulumi
        secret = pulumi.Config().require_object("registry")["httpSecret"]
        assert secret == {CANARY!r}
        encoded = base64.b64encode(b"user:" + secret.encode()).decode()
        pulumi.log.warn(f"a login: {{encoded}}")
        pulumi.log.info(f"in clear: {{secret}}")
        print("printed", secret, "AKIAIOSFODNN7EXAMPLE")
        pulumi.export("open", encoded)
        pulumi.export("plain", secret)
        raise ValueError(secret)
    """
    tiny = TinyStacks(tmp_path / "project", {"one": program})
    path = ("--path", "openshift-registry:registry.httpSecret")
    tiny.pulumi("config", "set", "--secret", *path, CANARY, "--stack", "one")
    tiny.pulumi("config", "set", "openshift-registry:cluster", "one", "--stack", "one")
    out = tmp_path / "out"
    done = tiny.preview("--out", str(out), "--diff")
    text = (out / "one" / "preview.txt").read_text()
    assert "a login: " in text and "in clear: [secret]" in text and "printed [secret]" in text
    assert "ValueError: [secret]" in done.stdout
    said = done.stdout + done.stderr
    said += "".join(each.read_text() for each in out.rglob("*") if each.is_file())
    encoded = base64.b64encode(b"user:" + CANARY.encode()).decode()
    for each in (CANARY, encoded, encoded[10:30], "AKIAIOSFODNN7EXAMPLE", "a-passphrase"):
        assert each not in said


def test_interrupted_it_leaves_no_engine_behind(tiny: TinyStacks) -> None:
    process = subprocess.Popen(
        [*OCPREG, "preview", "--stack", "hangs"],
        cwd=tiny.directory,
        env=tiny.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + 30
    while not listed.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    children = [int(each) for each in listed.read_text().split()]
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in errors
    assert len(children) == 1
    with pytest.raises(ProcessLookupError):
        os.killpg(children[0], 0)
