"""All of `ocpreg preview` but its options."""

from collections.abc import Sequence
from pathlib import Path

from fleet.preview.job import Job
from fleet.preview.keep import Folder
from fleet.preview.outcome import Outcome, outcome
from fleet.preview.pool import previews, warm
from fleet.preview.screen import progress, said
from fleet.preview.stacks import NoStacks


def run(
    jobs: Sequence[Job], parallel: int, timeout: float, out: Path | None, diff: bool
) -> list[Outcome]:
    """In the order of `jobs`, whatever ended first. What is kept of a stack is so when it ends.

    Raises `NoStacks` before anything is previewed."""
    folder = _folder(out, jobs) if out else None
    warm(jobs[0].project)
    found: dict[str, Outcome] = {}
    texts: dict[str, str] = {}
    with progress(len(jobs), "previewed") as shown:
        for job, ran in previews(jobs, parallel, timeout, shown.watch):
            if folder:
                folder.keep(job, ran)
            found[job.stack] = outcome(job, ran, timeout)
            texts[job.stack] = ran.text
            shown.ended(found[job.stack], said(found[job.stack]))
    outcomes = [found[each.stack] for each in jobs]
    if folder:
        folder.end(outcomes)
    if diff:
        for each in jobs:
            print(f"{each.stack}:\n{texts[each.stack]}")
    return outcomes


def _folder(out: Path, jobs: Sequence[Job]) -> Folder:
    folder = Folder(out)
    try:
        folder.begin(jobs)
    except OSError as error:
        message = f"nothing can be kept in {out}: {error.strerror}"
        raise NoStacks(message, "give --out a folder that can be written to") from None
    return folder
