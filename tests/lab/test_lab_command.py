"""`python -m lab` and what it stands on: what it refuses, what it deletes, what it survives."""

import fcntl
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

import lab.__main__
import lab.lab
from lab import build, pulumi_home
from lab.__main__ import main
from lab.described import Described
from lab.engine import _holder
from lab.errors import LabError
from lab.lab import Lab, say
from lab.paths import ROOT
from lab.process import PORTS, Process, free_port, start
from lab.summary import DEFAULT
from lab.verify import healthy, settle
from tests.lab.project import Project

STACK = (ROOT / "stacks" / "Pulumi.lab-cinder.yaml").read_text()

KUBECONFIG = """
current-context: lab
contexts: [{name: lab, context: {cluster: lab, user: lab}}]
clusters: [{name: lab, cluster: {server: "http://127.0.0.1:1"}}]
users: [{name: lab, user: {token: none}}]
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of labs of this test's own."""
    monkeypatch.setattr(lab.lab, "RUN", tmp_path / "run")
    (tmp_path / "run").mkdir()
    return tmp_path / "run"


@pytest.fixture
def sleeper(run: Path) -> Iterator[Process]:
    """What plays a process of the lab `x`."""
    process = start("sleeper", ["sleep", "60"], run / "x" / "logs" / "sleeper.log")
    yield process
    process.stop()


def command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["lab", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code or 0


def stack_file(folder: Path, text: str | bytes, name: str = "x") -> Path:
    path = folder / f"Pulumi.{name}.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_make_without_a_stack_takes_the_one_that_is_told() -> None:
    """What the summary prints without STACK= is for that stack, and the README's is the same."""
    assert f"\nSTACK ?= {DEFAULT}\n" in (ROOT / "Makefile").read_text()
    assert f"the stack {DEFAULT} applied" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("name", ["", ".", "..", "../victim", "a/b", "/tmp", "a..b", "-x", "a b"])
def test_a_stack_has_a_plain_name(
    run: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    victim = run.parent / "victim"
    victim.mkdir()
    for which in ("stop", "up", "down", "preview", "env", "start"):
        assert command(monkeypatch, which, f"--stack={name}") == 1
        assert f"error: {name!r} is no stack's name" in capsys.readouterr().err
    assert victim.is_dir()


def test_only_a_labs_folder_is_removed(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (run / "pulumi-home").mkdir()
    for name in ("nope", "pulumi-home"):
        assert command(monkeypatch, "stop", "--stack", name) == 0
        assert f"Lab of {name}: there is none" in capsys.readouterr().err
    assert [each.name for each in run.iterdir()] == ["pulumi-home"]


@pytest.mark.parametrize("record", ["", "{", "[]", '{"ready": true}', '{"processes": [1]}', None])
def test_a_lab_is_stopped_whatever_its_notes_say(
    run: Path, sleeper: Process, monkeypatch: pytest.MonkeyPatch, record: str | None
) -> None:
    (run / "x" / ".lock").touch()
    if record is not None:
        (run / "x" / "lab.json").write_text(record)
    bystander = start("sleeper", ["sleep", "60"], run / "x2" / "logs" / "sleeper.log")
    try:
        assert not Lab("x").running()
        with pytest.raises(LabError, match="there is no lab of x"):
            Lab("x").environment()
        assert command(monkeypatch, "stop") == 0
        assert not sleeper.running()
        assert bystander.running()
        assert not (run / "x").exists()
    finally:
        bystander.stop()


def test_a_process_is_told_from_others_of_its_pid(sleeper: Process) -> None:
    assert sleeper.running()
    other = replace(sleeper, home="/elsewhere")
    assert not other.running()
    other.stop()
    assert sleeper.running()
    sleeper.stop()
    assert not sleeper.running()


def test_a_loss_is_told(run: Path, sleeper: Process, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "x" / "logs" / "operator.log").write_text("out of memory\n")
    operator = replace(sleeper, name="operator", pid=2**22 + 1)
    own = Lab("x")
    own._write(lab.lab.Record("4.15", [], [sleeper, operator], ready=True))
    assert not own.running()
    own._tell_loss(say)
    told = capsys.readouterr().err
    assert "operator of the lab of x has stopped; the end of its log:\nout of memory" in told
    assert "cluster and state are gone" in told
    assert "sleeper" not in told


def test_nobody_waits_for_a_stand_in_that_has_stopped(
    run: Path, sleeper: Process, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = Lab("x")
    own.kubeconfig.parent.mkdir()
    own.kubeconfig.write_text(KUBECONFIG)
    (run / "x" / "logs" / "platform.log").write_text("Segmentation fault\n")
    platform = replace(sleeper, name="platform", pid=2**22 + 1)
    own._write(lab.lab.Record("4.15", [], [sleeper, platform], ready=True))
    told = "platform of the lab of x has stopped; the end of its log:\nSegmentation fault"
    with pytest.raises(LabError) as lost:
        settle(own, say)
    assert str(lost.value) == told
    failed = SimpleNamespace(lab=own, run=lambda *_: 255)
    monkeypatch.setattr(lab.__main__, "_engine", lambda *_: failed)
    assert command(monkeypatch, "up", "--stack=x") == 1
    assert f"Run the same command again.\n{told}\n" in capsys.readouterr().err


def test_a_running_lab_needs_no_toolchain(
    run: Path,
    sleeper: Process,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    stack_file(tmp_path, STACK)
    own = Lab("x", stacks=tmp_path)
    own._write(lab.lab.Record("4.15", [], [sleeper], ready=True))
    own.start(say)
    assert capsys.readouterr().err == "Lab of x: running\n"
    with pytest.raises(LabError, match=r"CRDs of OpenShift 4\.15; `make lab-stop STACK=x` first"):
        own.start(say, "current")
    sleeper.stop()
    with pytest.raises(build.BuildError, match="go is not on PATH"):
        own.start(say)


def test_a_platform_without_a_lab_is_refused_first(run: Path, tmp_path: Path) -> None:
    stack_file(tmp_path, STACK.replace("platform: OpenStack", "platform: IBMCloud"))
    with pytest.raises(
        LabError, match=r"no lab of platform 'IBMCloud'.*there are: OpenStack, VSphere"
    ):
        Lab("x", stacks=tmp_path).start(say)
    assert not (run / "x").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"config: \xff\n", "is not UTF-8: byte 9 "),
        ("config:\n  a: [\n", "line 3 is not YAML: "),
        ("a: 2024-13-45\n", "is not YAML: month must be"),
        ("a: \x07\n", "is not YAML: unacceptable character"),
        ("", "is missing or empty"),
        ("- a\n", "is no mapping"),
        ("config: 7\n", ": config is no mapping"),
        ("config: {}\n", ": config: openshift-registry:cluster is missing or empty"),
        (STACK.replace('"4.15"', "4.15"), "a lab needs version, as text"),
        (STACK.replace("platform: OpenStack", "platform: [OpenStack]"), "a lab needs platform"),
    ],
)
def test_a_stack_file_that_says_no_cluster(tmp_path: Path, text: str | bytes, said: str) -> None:
    path = stack_file(tmp_path, text)
    with pytest.raises(LabError) as refused:
        Described.of_stack("x", tmp_path)
    told = str(refused.value)
    assert told.startswith(str(path))
    assert said in told
    assert "Error(" not in told


def test_the_state_that_a_stack_wants(tmp_path: Path) -> None:
    stack_file(tmp_path, STACK)
    assert Described.of_stack("x", tmp_path).management_state == "Managed"
    stack_file(tmp_path, STACK.replace("State: Managed", "State: Removed"))
    assert Described.of_stack("x", tmp_path).management_state == "Removed"


def with_add_ons(add_ons: str) -> str:
    return STACK.replace("config:\n", f"config:\n  lab:addOns: {add_ons}\n")


@pytest.mark.parametrize(
    ("add_ons", "found"),
    [
        ("[]", ()),
        ("null", ()),
        ("[odf]", ("odf",)),
        ("[odf, nutanix-csi, odf]", ("odf", "nutanix-csi")),
    ],
)
def test_what_is_added_to_a_fresh_cluster(
    tmp_path: Path, add_ons: str, found: tuple[str, ...]
) -> None:
    stack_file(tmp_path, with_add_ons(add_ons))
    assert Described.of_stack("x", tmp_path).add_ons == found
    stack_file(tmp_path, STACK)
    assert Described.of_stack("x", tmp_path).add_ons == ()


@pytest.mark.parametrize(
    ("add_ons", "said"),
    [
        ("[odf, rook]", "the lab has no add-on 'rook'; there are: odf, nutanix-csi"),
        ("[7]", "the lab has no add-on 7; there are: odf, nutanix-csi"),
        ("[[odf]]", "the lab has no add-on ['odf']; there are: odf, nutanix-csi"),
        ("odf", "= 'odf' is no list; write one of: odf, nutanix-csi, in [brackets]"),
    ],
)
def test_an_add_on_that_is_none(run: Path, tmp_path: Path, add_ons: str, said: str) -> None:
    path = stack_file(tmp_path, with_add_ons(add_ons))
    with pytest.raises(LabError) as refused:
        Lab("x", stacks=tmp_path).start(say)
    assert str(refused.value).startswith(f"{path}: config: lab:addOns")
    assert said in str(refused.value)
    assert not (run / "x").exists()


def test_content_is_what_the_stack_wants() -> None:
    def conditions(reason: str) -> dict[str, tuple[str, str, str]]:
        said = {"Available": "True", "Progressing": "False", "Degraded": "False"}
        return {name: (status, reason, "") for name, status in said.items()}

    assert healthy(conditions("Ready"))
    assert healthy(conditions("Removed"), "Removed")
    assert not healthy(conditions("Removed"))
    assert not healthy(conditions("Ready"), "Removed")
    assert not healthy({}, "Removed")


INTERRUPTIBLE = """
import sys
from pathlib import Path
import lab.lab
lab.lab.RUN = Path(sys.argv.pop(1))
from lab.__main__ import main
print("ready", flush=True)
main()
"""


def test_ctrl_c_says_how_to_go_on(run: Path) -> None:
    (run / "x").mkdir()
    with (run / "x" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the command waits for it
        process = subprocess.Popen(
            [sys.executable, "-c", INTERRUPTIBLE, str(run), "stop", "--stack=x"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A run in the background ignores it, and so would its children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=20)[1]
    assert said == "\nstopped; run the same command again, it carries on\n"
    assert process.returncode == 130


def test_wrong_usage_is_2(monkeypatch: pytest.MonkeyPatch) -> None:
    assert command(monkeypatch, "up") == 2
    assert command(monkeypatch, "up", "--stack=x", "4.15") == 2


def test_the_plugin_stays_while_it_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = tmp_path / "home" / "plugin" / "pulumi-resource-kubernetes"
    monkeypatch.setattr(pulumi_home, "PULUMI_HOME", tmp_path / "home")
    monkeypatch.setattr(pulumi_home, "PLUGIN", binary.parent)
    monkeypatch.setattr(pulumi_home, "BINARY", binary)
    one, two = tmp_path / "one", tmp_path / "two"
    one.touch()
    two.touch()
    pulumi_home.install_plugin(build.Toolchain((), one, {}))
    inode = binary.lstat().st_ino
    for built in (one, None):
        pulumi_home.install_plugin(build.Toolchain((), built, {}))
        assert binary.lstat().st_ino == inode
    pulumi_home.install_plugin(build.Toolchain((), two, {}))
    assert binary.readlink() == two
    assert [each.name for each in (tmp_path / "home").iterdir()] == ["plugin"]
    two.unlink()
    assert not pulumi_home.has_plugin()
    pulumi_home.install_plugin(build.Toolchain((), None, {}))
    assert not binary.parent.exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"pid": 1}', '{"pid": "x", "hostname": "h"}']
)
def test_a_lock_that_says_nothing_has_no_holder(tmp_path: Path, text: str) -> None:
    (tmp_path / "lock.json").write_text(text)
    assert _holder(tmp_path / "lock.json") == {}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose installation broke off: an interpreter, and nothing for it."""
    (tmp_path / "Makefile").symlink_to(ROOT / "Makefile")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to("/bin/false")
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "-s", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("stamp", [False, True])
def test_clean_works_on_a_broken_installation(checkout: Path, stamp: bool) -> None:
    if stamp:
        (checkout / ".venv" / ".installed").touch()
    else:
        assert make(checkout, "lab-stop").returncode == 0
    (checkout / ".lab" / "pulumi-home").mkdir(parents=True)
    assert make(checkout, "clean").returncode == 0
    assert [each.name for each in checkout.iterdir()] == ["Makefile"]


def test_a_lab_that_cannot_be_stopped_is_not_forgotten(checkout: Path) -> None:
    lock = checkout / ".lab" / "x" / ".lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    stopped = make(checkout, "lab-stop")
    assert stopped.returncode != 0
    assert ".venv is not whole" in stopped.stderr
    cleaned = make(checkout, "clean")
    assert cleaned.returncode == 0
    assert "no lab could be stopped" in cleaned.stderr
    assert lock.exists()
    assert not (checkout / ".venv").exists()


@pytest.mark.lab
@pytest.mark.parametrize("text", ["", '{"pid": 12'])
def test_an_unreadable_lock_is_cleared(
    project: Project, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    locks = project.lab.directory / "state" / ".pulumi" / "locks"
    lock = locks / "organization" / "openshift-registry" / project.stack / "dead.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(text)
    capsys.readouterr()
    project.engine.make_stack(say)
    assert "clearing the lock of a run that died writing it" in capsys.readouterr().err
    assert not lock.exists()
    project.preview().ok()


@pytest.mark.lab
def test_every_process_of_a_lab_is_found_without_its_notes(fresh_lab: Lab) -> None:
    record = fresh_lab._read()
    assert record is not None
    assert {each.name for each in record.processes} == {
        "etcd",
        "apiserver",
        "controller-manager",
        "platform",
        "operator",
    }
    assert json.loads(fresh_lab._record.read_text()) == asdict(record)
    fresh_lab._record.write_text("{")
    assert fresh_lab.stop()
    assert not any(each.running() for each in record.processes)


def test_a_free_port_is_none_that_outgoing_connections_get() -> None:
    """Between the choice and the listening, another lab's client would take it."""
    first = int(PORTS.read_text().split()[0])
    found = {free_port() for _ in range(50)}
    assert len(found) > 40 and max(found) < first
