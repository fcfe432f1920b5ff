"""All of `ocpreg comment` but its options."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fleet.comment.load import load
from fleet.comment.render import IDENTITY, LIMIT, About, render
from fleet.scrub import Scrubber, known_of

SUMMARY = "GITHUB_STEP_SUMMARY"


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


@dataclass(frozen=True)
class Where:
    """Where the comment goes."""

    post: str | None = None
    number: int | None = None
    output: Path | None = None
    step_summary: bool = False


def comment_on(folder: Path, where: Where, about: About) -> Done:
    """Render, keep, post. Raises `NoUse` before anything is done."""
    if not IDENTITY.fullmatch(about.identity):
        raise NoUse(f"--id {about.identity!r} is no name", "letters, digits and . _ - only")
    if where.step_summary and not os.environ.get(SUMMARY):
        raise NoUse(f"{SUMMARY} is not set", "leave --step-summary out where there is none")
    place = _place(where.post, where.number) if where.post else None
    limit = place.limit if place else LIMIT
    done = Done(render(load(folder), about, limit, Scrubber(known_of(os.environ))))
    if where.output:
        done.file = str(where.output)
        try:
            where.output.write_text(done.body)
        except OSError as error:
            raise NoUse(f"{done.file} can't be written: {error.strerror}", "see to it") from None
    if where.step_summary:
        with Path(os.environ[SUMMARY]).open("a") as file:
            file.write(f"{done.body}\n")
    if place is not None:
        _post(place, about.marker, done)
    return done


def said(done: Done, where: Where) -> str:
    """For the log. Not posted as asked, the comment is there at least."""
    if done.posted:
        return f"the comment is {done.posted}"
    return "" if done.file and not where.post else done.body.rstrip()


def _place(post: str, number: int | None) -> Any:
    from fleet.comment.place import NoPlace, service

    try:
        return service(post, number, os.environ)
    except NoPlace as error:
        raise NoUse(str(error), error.fix) from None


def _post(place: Any, marker: str, done: Done) -> None:
    from fleet.comment.api import NotPosted
    from fleet.comment.services import post

    try:
        done.posted = post(place, marker, done.body)
    except NotPosted as error:
        done.error, done.fix = Scrubber(known_of(os.environ))(str(error)), error.fix
