"""Check many stack files, offline: each by itself, and what spans them."""

import gc
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from fleet.shared import Held, held
from fleet.shared import problems as shared_problems
from settings import Problem, SettingsError, check_read, read_stack_file

STYLES = {"error": "bold red", "warning": "yellow"}


class NothingToCheck(Exception):
    """No stack file is there. The message says where none was found."""


@dataclass(frozen=True)
class Checked:
    """One stack file and what is wrong with it."""

    file: str
    stack: str
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        return sum(each.severity == "error" for each in self.problems)


def find(paths: Iterable[Path], stack: str | None = None) -> list[Path]:
    """The stack files at `paths`, files or folders, in order of their names.

    `stack` is a pattern as in the shell. Raises `NothingToCheck`.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += _in(path)
        elif path.exists():
            found.append(path)
        else:
            raise NothingToCheck(f"there is no file or folder {path}")
    if stack is not None:
        found = [each for each in found if fnmatchcase(_stack(each), stack)]
    if not found:
        wanted = f" whose stack fits {stack!r}" if stack is not None else ""
        places = ", ".join(str(path) for path in paths)
        raise NothingToCheck(f"there is no file Pulumi.<stack>.yaml{wanted} in {places}")
    return [*_once(found).values()]


def _in(folder: Path) -> list[Path]:
    # Pulumi would never look at a .yml: said here, lest it goes unnoticed.
    return sorted([*folder.glob("Pulumi.*.yaml"), *folder.glob("Pulumi.*.yml")])


def _once(files: Iterable[Path]) -> dict[Path, Path]:
    """By where they really are: a file shares nothing with itself."""
    found: dict[Path, Path] = {}
    for each in files:
        found.setdefault(each.resolve(), each)
    return found


def check_files(files: Iterable[Path]) -> list[Checked]:
    """Read and validate each file, and compare it with all others in the folders of them."""
    # Nothing made here is cyclic, and looking for cycles takes a tenth of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        chosen = _once(files)
        all_held: list[Held] = []
        checked = [_check(each, all_held) for each in chosen.values()]
        folders = {each.parent: None for each in chosen.values()}
        beside = _once(each for folder in folders for each in _in(folder))
        for place, each in beside.items():
            if place not in chosen:
                all_held += _held(each)
        return _with_shared(checked, all_held)
    finally:
        if collecting:
            gc.enable()


def _check(file: Path, all_held: list[Held]) -> Checked:
    try:
        read = read_stack_file(file)
    except SettingsError as error:
        return Checked(str(file), _stack(file), error.problems)
    all_held += held(read)
    return Checked(str(file), _stack(file), tuple(check_read(read)[1]))


def _held(file: Path) -> list[Held]:
    """Of a file that was not asked about, and whose own problems nobody wants to hear."""
    try:
        return held(read_stack_file(file))
    except SettingsError:
        return []


def _with_shared(checked: list[Checked], all_held: list[Held]) -> list[Checked]:
    found: dict[str | None, list[Problem]] = {}
    for each in shared_problems(all_held):
        found.setdefault(each.file, []).append(each)
    return [_with(file, found[file.file]) if file.file in found else file for file in checked]


def _with(file: Checked, more: list[Problem]) -> Checked:
    problems = sorted((*file.problems, *more), key=lambda each: each.line or 0)
    return replace(file, problems=tuple(problems))


def _stack(file: Path) -> str:
    return file.stem.removeprefix("Pulumi.")


def to_json(checked: list[Checked]) -> str:
    """An object with `files` (file, stack, problems), `errors` and `warnings` (counts)."""
    errors = sum(each.errors for each in checked)
    return json.dumps(
        {
            "files": [asdict(each) for each in checked],
            "errors": errors,
            "warnings": sum(len(each.problems) for each in checked) - errors,
        },
        indent=2,
    )


def to_github(checked: list[Checked]) -> None:
    """Annotations of the lines of a pull request, and what `to_screen` says last."""
    from fleet.annotations import annotation

    for file in checked:
        for each in file.problems:
            print(annotation(each))
    print("".join(text for text, _ in _summary(checked)))


def to_screen(checked: list[Checked]) -> None:
    """For people; in colour on a terminal."""
    lines = [*_lines(checked), _summary(checked)]
    if not sys.stdout.isatty():
        print("\n".join("".join(text for text, _ in line) for line in lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)


Line = list[tuple[str, str]]
"""Pieces of text, each with its style."""


def _lines(checked: list[Checked]) -> Iterator[Line]:
    for file in checked:
        for each in file.problems:
            place = f"{file.file}:{each.line}" if each.line else file.file
            yield [
                (f"{place}: ", "bold"),
                (each.severity, STYLES[each.severity]),
                (f": {each.subject}{each.message}", ""),
            ]
            yield [(f"    fix: {each.fix} ", "green"), (f"[{each.rule}]", "dim")]


def _summary(checked: list[Checked]) -> Line:
    errors = sum(each.errors for each in checked)
    warnings = sum(len(each.problems) for each in checked) - errors
    counts = f"{_number(errors, 'error')}, {_number(warnings, 'warning')}"
    said = counts if errors or warnings else "no problems"
    style = STYLES["error"] if errors else "bold green"
    return [(f"{_number(len(checked), 'stack file')} checked: {said}", style)]


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
