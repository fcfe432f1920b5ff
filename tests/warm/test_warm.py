"""What comes of the warm Python is what a cold one would have done."""

import os
import resource
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from tests.lab.killed import until
from tests.warm.server import COMPONENTS, POLICIES, QUIET, started

SAYS = """
import json, os, sys, warnings
from mine import NAME
warnings.warn("a warning")
sys.stdout.reconfigure(errors="backslashreplace")
print(json.dumps([sys.argv[1:], os.getcwd(), os.environ["OWN"], sys.stdin.read(), NAME]))
sys.exit(int(os.environ["CODE"]))
"""


@pytest.fixture(params=["cold", "warm"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    own = {"PATH": os.environ["PATH"], "OWN": "value", "CODE": "300"}
    (tmp_path / "says.py").write_text(SAYS)
    (tmp_path / "mine.py").write_text("NAME = 'first'")
    if request.param == "cold":
        yield own
        return
    with started(tmp_path) as warm:
        yield own | warm


@pytest.mark.parametrize("options", [[], ["-u"], ["-u", "-W", "ignore"]])
@pytest.mark.parametrize("command", [["says.py"], ["-m", "says"]])
def test_all_that_it_was_started_with(
    environment: dict[str, str], tmp_path: Path, options: list[str], command: list[str]
) -> None:
    for name in ("first", "second"):
        (tmp_path / "mine.py").write_text(f"NAME = {name!r}")
        done = python(environment, tmp_path, *options, *command, "a", "b c", stdin="text")
        said = f'[["a", "b c"], "{tmp_path}", "value", "text", "{name}"]\n'
        assert (done.returncode, done.stdout) == (300 & 255, said), done.stderr
        assert ("a warning" in done.stderr) == ("-W" not in options)


def test_an_error_is_shown(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "says.py").write_text("raise LookupError('lost')")
    done = python(environment, tmp_path, "says.py")
    assert done.returncode == 1 and "says.py" in done.stderr
    assert done.stderr.endswith("LookupError: lost\n")
    (tmp_path / "says.py").write_text("import sys; sys.exit('a word')")
    done = python(environment, tmp_path, "says.py")
    assert (done.returncode, done.stderr) == (1, "a word\n")


def test_threads_are_waited_for(environment: dict[str, str], tmp_path: Path) -> None:
    late = "import threading, time\ndef late():\n  time.sleep(.3)\n  print('late')\n"
    (tmp_path / "says.py").write_text(late + "threading.Thread(target=late).start()")
    assert python(environment, tmp_path, "says.py").stdout == "late\n"


def test_signals_reach_it(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "says.py").write_text(
        textwrap.dedent("""
            import os, signal, sys, time
            signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests
            try:
                print(os.getpid(), flush=True)
                time.sleep(60)
            except KeyboardInterrupt:
                sys.exit(5)
        """)
    )
    with asleep(environment, tmp_path) as process:
        assert process.stdout is not None and process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 5
    with asleep(environment, tmp_path) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        process.kill()
        process.wait()
        until(lambda: not psutil.pid_exists(worker), "end of the one that works", 10)


def test_it_is_quiet_where_nobody_listens(tmp_path: Path) -> None:
    (tmp_path / "says.py").write_text("from pulumi import log; print(log.debug.__module__)")
    with started(tmp_path) as warm:
        heard = {key: value for key, value in warm.items() if key != QUIET}
        python(warm, tmp_path, "says.py")  # which learns of it
        said = [python(each, tmp_path, "says.py").stdout for each in (warm, heard)]
    assert said == ["__main__\n", "pulumi.log\n"]


def test_packages_are_there_ahead(tmp_path: Path) -> None:
    """And nothing else is: two runs that import a package, and a module of their own."""
    (tmp_path / "mine.py").write_text("")
    ahead = "import sys; print('yaml' in sys.modules, 'mine' in sys.modules); import yaml, mine"
    (tmp_path / "says.py").write_text(ahead)
    with started(tmp_path) as warm:
        said = [python(warm, tmp_path, "says.py").stdout for _ in range(2)]
    assert said == ["False False\n", "True False\n"]


def test_the_policies_are_there_ahead_for_their_pack_alone(tmp_path: Path) -> None:
    (tmp_path / "declare.py").write_text("Rule = 'of another pack'")
    (tmp_path / "says.py").write_text(
        "import sys; print('declare' in sys.modules)\n"
        "sys.path.insert(0, sys.argv[1]); import declare; print(declare.Rule)"
    )
    ours = "<class 'declare.Rule'>"
    with started(tmp_path) as warm:
        for pack, said in (
            (POLICIES, ["False", ours]),
            (POLICIES, ["True", ours]),
            (str(tmp_path), ["False", "of another pack"]),
        ):
            done = python(warm, tmp_path, "says.py", pack)
            assert done.stdout.splitlines() == said, done.stderr


def test_components_are_there_ahead_where_they_are_linked_to_alone(tmp_path: Path) -> None:
    """A project with others of its own gets those."""
    program = (
        "import sys; print('components.ownership' in sys.modules)\n"
        "import components.ownership; print(components.ownership.__file__)"
    )
    linked, copied = tmp_path / "linked", tmp_path / "copied"
    for folder in (linked, copied):
        folder.mkdir()
        (folder / "__main__.py").write_text(program)
    (linked / "components").symlink_to(COMPONENTS)
    (copied / "components").mkdir()
    for name in ("__init__.py", "ownership.py"):
        (copied / "components" / name).write_text("")
    with started(tmp_path) as warm:
        said = [
            python(warm, folder, "__main__.py").stdout.splitlines()
            for folder in (linked, linked, copied)
        ]
    assert [ahead for ahead, _ in said] == ["False", "True", "False"]
    for folder, (_, file) in zip((linked, linked, copied), said, strict=True):
        assert Path(file).resolve() == (folder / "components" / "ownership.py").resolve()


def test_who_starts_it_may_have_many_files_open(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 2048)), hard))
    (tmp_path / "says.py").write_text("print('here')")
    with ExitStack() as opened:
        for _ in range(1100):
            opened.enter_context((tmp_path / "says.py").open())
        with started(tmp_path) as warm:
            done = python(warm, tmp_path, "says.py")
    # One that finds no warm one says so, and goes on cold.
    assert (done.stdout, done.stderr) == ("here\n", "")


def test_without_a_warm_one_no_signal_is_kept_from_it(tmp_path: Path) -> None:
    (tmp_path / "says.py").write_text(
        "import signal; print(signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    )
    with started(tmp_path) as warm:
        pass
    done = python(warm | {"TESTS_WARM_SOCKET": str(tmp_path / "none")}, tmp_path, "says.py")
    assert done.stdout == "set()\n" and "sitecustomize" in done.stderr


def test_modules_that_load_when_they_are_asked(tmp_path: Path) -> None:
    """Those of a cloud's SDK are whole also when their package was there ahead without them."""
    (tmp_path / "first.py").write_text("import pulumi_kubernetes")
    (tmp_path / "later.py").write_text(
        "from pulumi_kubernetes import rbac\n"
        "print(rbac.v1.Role.__name__)\n"
        "from pulumi_kubernetes.apiextensions import CustomResourcePatch\n"
        "print(CustomResourcePatch.__name__)\n"
    )
    with started(tmp_path) as warm:
        said = [python(warm, tmp_path, name) for name in ("first.py", "later.py", "later.py")]
    for each in said[1:]:
        assert each.stdout == "Role\nCustomResourcePatch\n", each.stderr


def python(
    environment: dict[str, str], folder: Path, *arguments: str, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, input=stdin, capture_output=True, text=True
    )


def asleep(environment: dict[str, str], folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-u", "says.py"]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
