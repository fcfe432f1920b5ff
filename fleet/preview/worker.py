"""One stack's preview, in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import yaml

from fleet.preview.events import kept
from fleet.preview.host import served
from fleet.preview.job import DRIFT, Job, Ran
from fleet.scrub import Scrubber, known_of, sealed

AUTOMATION = {
    "PULUMI_AUTOMATION_API": "true",
    # The engine has --client and --event-log for those only who ask for them.
    "PULUMI_DEBUG_COMMANDS": "true",
    "PULUMI_SKIP_UPDATE_CHECK": "true",
}


def work(job: Job, answer: Connection, folder: str) -> None:
    """Run it and send what it said; `folder` is for what it writes meanwhile."""
    # Of a group of its own, so that it can be ended with its engine and plugins.
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, lambda *_: None)
    before = set(sys.modules)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        printed = Path(scratch) / "printed"
        _quiet(printed)
        ran = preview(job, Path(scratch))
        said = printed.read_text(errors="replace")
    imported = tuple(each for each in [*sys.modules] if each not in before)
    text = ran.text + (f"\nPrinted by the program:\n{said}" if said else "")
    clean = Scrubber((*_opened(job), *known_of(os.environ)))
    events = kept(ran.events, clean.inside)
    answer.send(Ran(ran.code, ran.seconds, clean(text), clean(ran.errors), events, imported))
    answer.close()
    # Without waiting for what a program that was ended still does.
    os._exit(0)


def _opened(job: Job) -> list[str]:
    """The stack file's secrets, which the program was given in clear.

    The engine masks what it knows of, and neither a text that was made of one nor what the
    program prints.
    """
    config = json.loads(os.environ.get("PULUMI_CONFIG", "{}"))
    try:
        written = yaml.safe_load(job.file.read_bytes()).get("config", {})
        opened = {key: _value(text) for key, text in config.items()}
        return [*sealed(written, opened)]
    except (yaml.YAMLError, AttributeError, OSError):
        return []


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _quiet(printed: Path) -> None:
    """What the program prints is part of its preview, and not of the screen."""
    with printed.open("wb") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)


def preview(job: Job, scratch: Path) -> Ran:
    """`pulumi preview`, with the program served from here.

    None of Automation API's `Stack`: it selects the stack first, which is another run of the
    engine and a file that all stacks of a project share.
    """
    os.chdir(job.project)
    sys.argv = [str(job.project / "__main__.py")]
    events, began = scratch / "events", time.monotonic()
    with served(job.project) as address:
        done = subprocess.run(
            [
                *("pulumi", "--non-interactive", *job.arguments),
                *(f"--client={address}", "--exec-kind", "auto.inline", "--event-log", str(events)),
            ],
            env=_environment(scratch),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
    told = events.read_text(errors="replace") if events.exists() else ""
    ran = Ran(done.returncode, 0.0, done.stdout, done.stderr, told)
    if job.command == DRIFT and ran.code == 0 and job.analysis:
        ran = _judged(job, ran, scratch)
    return replace(ran, seconds=round(time.monotonic() - began, 3))


def _environment(scratch: Path) -> dict[str, str]:
    """The Kubernetes plugin leaves a copy of the kubeconfig in TMPDIR."""
    return {**os.environ, **AUTOMATION, "TMPDIR": str(scratch)}


def _judged(job: Job, ran: Ran, scratch: Path) -> Ran:
    """What the packs say of the state, with what the engine has said of the live resources."""
    done = subprocess.run(
        ["pulumi", "--non-interactive", *job.analysis],
        env=_environment(scratch),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    events = [line for line in done.stdout.splitlines() if "policyEvent" in line]
    errors = "\n".join(filter(None, (ran.errors, done.stderr)))
    return replace(
        ran, code=done.returncode, errors=errors, events="\n".join((ran.events, *events))
    )
