"""All of `ocpreg comment` but its options."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fleet.comment.load import load
from fleet.comment.render import IDENTITY, LIMIT, About, render
from fleet.scrub import Scrubber, known_of

SUMMARY = "GITHUB_STEP_SUMMARY"
LIMITS = {"github": LIMIT, "gitlab": 1_000_000}


class NoUse(Exception):
    """It can't be done as asked. The message says why; `fix` what to do."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


@dataclass
class Done:
    """What became of the comment."""

    body: str
    posted: str | None = None
    """posted, updated or unchanged; None if it is in no pull request."""
    file: str | None = None
    error: str | None = None
    fix: str | None = None

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def comment_on(
    folder: Path,
    post: str | None,
    number: int | None,
    output: Path | None,
    step_summary: bool,
    commit: str,
    time: str,
    url: str,
    identity: str,
    speak: bool,
) -> Done:
    """Render, keep, post. Raises `NoUse` before anything is done."""
    if not IDENTITY.fullmatch(identity):
        raise NoUse(f"--id {identity!r} is no name", "letters, digits and . _ - only")
    if step_summary and not os.environ.get(SUMMARY):
        raise NoUse(f"{SUMMARY} is not set", "leave --step-summary out where there is none")
    place = _place(post, number) if post else None
    about = About(identity, commit, time, url)
    limit = LIMITS.get(post or "", LIMIT)
    body = render(load(folder), about, limit, Scrubber(known_of(os.environ)))
    done = Done(body)
    if output:
        output.write_text(body)
        done.file = str(output)
    if step_summary:
        _add(body)
    if place is not None:
        _post(place, about.marker, done)
    if speak:
        print(_said(done, post), end="")
    return done


def _place(post: str, number: int | None) -> Any:
    from fleet.comment.place import NoPlace, service

    try:
        return service(post, number, os.environ)
    except NoPlace as error:
        raise NoUse(str(error), error.fix) from None


def _add(body: str) -> None:
    with Path(os.environ[SUMMARY]).open("a") as file:
        file.write(f"{body}\n")


def _post(place: Any, marker: str, done: Done) -> None:
    from fleet.comment.api import NotPosted
    from fleet.comment.services import post

    try:
        done.posted = post(place, marker, done.body)
    except NotPosted as error:
        done.error, done.fix = Scrubber(known_of(os.environ))(str(error)), error.fix


def _said(done: Done, post: str | None) -> str:
    if done.posted:
        return f"the comment is {done.posted}\n"
    # Not posted as asked, it is at least in the log.
    return "" if done.file and not post else done.body
