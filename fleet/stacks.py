"""`ocpreg stacks`: which stacks there are, and which of them a change touches."""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fleet.preview.stacks import NoStacks, environment_of, fits, names_in, project_of
from settings.cluster import ENVIRONMENTS

NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
"""What Pulumi takes; a workflow hands names on to shells."""

HARMLESS = re.compile(
    r"(docs|tests|lab|fleet|workflows|stacks|\.ci|\.github|\.gitlab)/.*"
    r"|.*\.md|Makefile|\.gitignore|\.gitlab-ci\.yml"
)
"""What no plan depends on, by its path in the project; stack files are looked at by themselves."""

SAFEST = "production"


@dataclass(frozen=True)
class Listed:
    """One stack."""

    stack: str
    environment: str
    """As its file says. One that does not say it is kept as safe as production."""


@dataclass(frozen=True)
class Stacks:
    """Those that were asked for."""

    stacks: tuple[Listed, ...]
    gone: tuple[str, ...] = ()
    """Whose file the change deletes: what they have made stays."""
    why: str = ""
    """Why all of them are touched; empty if they are not, or nothing was asked of a change."""

    def plain(self) -> dict[str, Any]:
        """As in JSON."""
        return asdict(self)


def stacks(
    folder: Path, patterns: Sequence[str], left_out: Sequence[str], since: str | None
) -> Stacks:
    """Raises `NoStacks`."""
    files = names_in(folder)
    wrong = sorted(each for each in files if not NAME.fullmatch(each))
    if wrong:
        raise NoStacks(
            f"{files[wrong[0]]} is no stack's file: {wrong[0]!r} is no name",
            "letters, digits and . _ - only",
        )

    def meant(name: str) -> bool:
        return (not patterns or fits(name, patterns)) and not fits(name, left_out)

    chosen = {name: files[name] for name in sorted(files) if meant(name)}
    gone: tuple[str, ...] = ()
    why = ""
    if since is not None:
        project = project_of(folder.resolve())
        changed = _changed(project, since)
        of_stack = _stack_file(folder.resolve().relative_to(project))
        named = {match[1] for each in changed if (match := of_stack.fullmatch(each))}
        others = [each for each in changed if not of_stack.fullmatch(each)]
        why = next((each for each in others if not HARMLESS.fullmatch(each)), "")
        gone = tuple(sorted(each for each in named - files.keys() if meant(each)))
        chosen = {name: file for name, file in chosen.items() if why or name in named}
    return Stacks(
        tuple(Listed(name, _safe(environment_of(file))) for name, file in chosen.items()), gone, why
    )


def _stack_file(folder: Path) -> re.Pattern[str]:
    return re.compile(re.escape((folder / "Pulumi.").as_posix()) + r"([^/]+)\.yaml")


def _safe(environment: str) -> str:
    return environment if environment in ENVIRONMENTS else SAFEST


def _changed(project: Path, since: str) -> list[str]:
    """Paths in which the commit that is checked out differs from `since`. One that was moved is
    two."""
    commit = _git(project, "rev-parse", "--verify", "--end-of-options", f"{since}^{{commit}}")
    options = ("--name-only", "--no-renames", "-z", "--relative")
    return _git(project, "diff", *options, commit.strip(), "HEAD").split("\0")[:-1]


def _git(project: Path, *arguments: str) -> str:
    try:
        return subprocess.run(
            ["git", *arguments],
            cwd=project,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=True,
        ).stdout
    except FileNotFoundError:
        raise NoStacks("there is no git on PATH", "install git") from None
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise NoStacks(
            f"git {arguments[0]} of {project} failed: {said}",
            "name a commit that the clone has; a shallow one has few (fetch-depth: 0)",
        ) from None
