"""A Python with packages imported, which forks to do what others were started for.

To import Pulumi's SDK and a cloud's takes half a second of CPU, and the tests on a lab have the
engine start thousands of programs, policy packs and stand-ins for plugins. It starts them as ever,
with tests/warm on PYTHONPATH: `sitecustomize` there sends what the process was started with
(command, environment, folder, streams) here, where a fork goes on with it. The process itself
stays until that is done: what stops it stops the fork.

Imported ahead is what forks before had to import, as far as it is Python's own, a package of .venv
or one of `OURS`: what a test's project holds else is read anew by each, and a policy pack that is
not this checkout's.
"""

import atexit
import gc
import importlib
import marshal
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from io import BufferedReader, FileIO, TextIOWrapper
from itertools import islice
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = [str(ROOT / each) for each in ("settings", "cluster", "lab")]
"""What is the same in all projects of tests, which link to it."""
POLICIES = str(ROOT / "policies") + os.sep
"""For those who are started with it or a file of it alone: its modules have names like `pack`."""
COMPONENTS = str(ROOT / "components") + os.sep
"""For those whose own folder has a link to it: a project of tests may have others of its own."""
QUIET = "TESTS_WARM_QUIET"
"""In an environment: nobody sees what the SDK says for `--debug`. It tells the engine a hundred
messages, each in a call of its own, which takes a seventh of a run."""
AHEAD = (
    *(os.path.realpath(each) + os.sep for each in (sys.prefix, sys.base_prefix, *OURS)),
    POLICIES,
    COMPONENTS,
)


@contextmanager
def started(folder: Path) -> Iterator[dict[str, str]]:
    """Within it there is a warm one, for what is started with this in its environment."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
        listener.listen(100)
        number = listener.fileno()
        command = [sys.executable, "-I", "-u", __file__, str(number)]
        server = subprocess.Popen(
            command, stdin=subprocess.PIPE, pass_fds=[number], start_new_session=True
        )
    with server:
        yield {
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(ROOT)]),
            "TESTS_WARM_SOCKET": str(folder / "socket"),
            "TESTS_WARM_PREFIX": os.path.realpath(sys.prefix),
            QUIET: "1",
        }  # after it its standard input is closed, at which it goes


def serve(number: int) -> None:
    """Until standard input ends, which it does with whoever started this."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    learned, learn = os.pipe()
    # First: .venv may be that of another checkout.
    sys.path[:] = [str(ROOT), *sys.path, POLICIES]
    # Not select, which knows no number above 1023; whoever starts this may have that many open.
    waiting = select.poll()
    for each in (0, learned, number):
        waiting.register(each, select.POLLIN)
    known = Known()
    with socket.socket(fileno=number) as listener:
        while True:
            ready = {each for each, _ in waiting.poll()}
            if 0 in ready:
                return
            if learned in ready:
                for name in os.read(learned, 65536).decode().split():
                    load(name)
                known = Known()
                gc.collect()
                gc.freeze()
            if number in ready:
                asking, _ = listener.accept()
                with asking:
                    if os.fork() == 0:
                        listener.close()
                        os.close(learned)
                        stand_in(asking, learn, known)


class Known:
    """What is imported here, looked through once for all forks: to look at a module in a fork is to
    copy the page that it is on."""

    def __init__(self) -> None:
        files = {name: getattr(each, "__file__", None) or "" for name, each in loaded()}
        self.names = frozenset(files)
        self._under = {
            folder: [name for name, file in files.items() if file.startswith(folder)]
            for folder in (POLICIES, COMPONENTS)
        }
        self._forgotten: list[ModuleType | None] = []

    def forget(self, folder: str) -> None:
        """For who imports next. To take a module apart would take time that nobody has."""
        self._forgotten += [sys.modules.pop(name, None) for name in self._under[folder]]


def loaded() -> list[tuple[str, ModuleType]]:
    """Without those that are to load when they are first asked for anything."""
    return [(name, each) for name, each in list(sys.modules.items()) if type(each) is ModuleType]


def load(name: str) -> None:
    """Import it and what it is in. Modules of a cloud's SDK load when they are first asked for
    anything; one whose parts are imported before would never know of them."""
    parts = name.split(".")
    with suppress(Exception):
        for end in range(1, len(parts) + 1):
            getattr(importlib.import_module(".".join(parts[:end])), "loaded", None)


def stand_in(asking: socket.socket, learn: int, known: Known) -> None:
    """Be the process that asks, and end."""
    gc.disable()  # it lasts for seconds
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    length, streams, _, _ = socket.recv_fds(asking, 4, 3)
    asked = marshal.loads(asking.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # As -u has them; the old ones think that they are what they were here.
    sys.stdin = TextIOWrapper(BufferedReader(FileIO(0, closefd=False)), "utf-8")
    sys.stdout = TextIOWrapper(FileIO(1, "w", closefd=False), "utf-8", write_through=True)
    out = FileIO(2, "w", closefd=False)
    sys.stderr = TextIOWrapper(out, "utf-8", "backslashreplace", write_through=True)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    for each in asked["warnings"]:
        warnings.simplefilter(each)
    for each in asked["ignored"]:
        signal.signal(each, signal.SIG_IGN)
    if QUIET in os.environ and "pulumi.log" in sys.modules:
        sys.modules["pulumi.log"].debug = lambda *_, **__: None  # type: ignore[attr-defined]
    only_its_own(asked["command"], known)
    tell = partial(imported, learn, known, len(sys.modules))
    threading.Thread(target=go_with, args=(asking, tell), daemon=True).start()
    with suppress(OSError):
        asking.send(os.getpid().to_bytes(4, "big"))
    code = run(asked["command"], asked["path"])
    tell()
    with suppress(OSError):
        asking.send(bytes([code & 255]))
    os._exit(0)


def go_with(asking: socket.socket, tell: Callable[[], None]) -> None:
    """When the asking process is gone, so is this."""
    asking.recv(1)
    tell()
    os._exit(1)


def only_its_own(command: list[str], known: Known) -> None:
    """Of what has names that others have too."""
    if not any((os.path.realpath(each) + os.sep).startswith(POLICIES) for each in command):
        known.forget(POLICIES)
    if os.path.realpath("components") + os.sep != COMPONENTS:
        known.forget(COMPONENTS)


def imported(learn: int, known: Known, before: int) -> None:
    """Tell the warm one what it can import ahead next time. `before`: how many there were."""
    new = list(islice(reversed(sys.modules), max(len(sys.modules) - before, 0)))
    for name in reversed(new):
        module = sys.modules.get(name)
        if name in known.names or type(module) is not ModuleType:
            continue
        origin = getattr(module.__spec__, "origin", None) or ""
        if os.path.realpath(origin).startswith(AHEAD):
            os.write(learn, f"{name} ".encode())  # one by one: others write too


def run(command: list[str], path: list[str]) -> int:
    """Its exit code."""
    code = 0
    try:
        if command[0] == "-m":
            sys.path[:] = [str(Path.cwd()), *path]
            sys.argv[:] = command[1:]
            runpy.run_module(command[1], run_name="__main__", alter_sys=True)
        else:
            sys.path[:] = [str(Path(command[0]).resolve().parent), *path]
            sys.argv[:] = command
            runpy.run_path(command[0], run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    with suppress(BaseException):
        threading._shutdown()
    atexit._run_exitfuncs()
    return code


if __name__ == "__main__":
    serve(int(sys.argv[1]))
