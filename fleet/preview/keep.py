"""What a run leaves for other steps: `--out DIR`."""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from fleet.preview.job import Job, Ran
from fleet.preview.outcome import Outcome, counted

SUMMARY, EVENTS, TEXT = "summary.json", "events.jsonl", "preview.txt"
VERSION = 1


class Folder:
    """A folder for each stack, with the engine's events and text; and the summary of all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, jobs: Iterable[Job]) -> None:
        """Nothing of an earlier run stays: it would be taken for this one's."""
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / SUMMARY).unlink(missing_ok=True)
        for events in [*self.path.glob(f"*/{EVENTS}")]:
            for each in (events, events.with_name(TEXT)):
                each.unlink(missing_ok=True)
            with suppress(OSError):  # somebody else's files are in it
                events.parent.rmdir()
        for each in jobs:
            (self.path / each.stack).mkdir(exist_ok=True)

    def keep(self, job: Job, ran: Ran) -> None:
        (self.path / job.stack / EVENTS).write_text(ran.events)
        (self.path / job.stack / TEXT).write_text(ran.text + ran.errors)

    def end(self, outcomes: Iterable[Outcome]) -> None:
        (self.path / SUMMARY).write_text(summary(outcomes) + "\n")


def summary(outcomes: Iterable[Outcome]) -> str:
    """As JSON: `stacks`, and how many of them came to which result."""
    listed = [*outcomes]
    document: dict[str, Any] = {
        "version": VERSION,
        "stacks": [each.plain() for each in listed],
        "results": counted(listed),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
