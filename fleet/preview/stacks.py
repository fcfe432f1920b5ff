"""Which stacks, and of which project."""

import shutil
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from fleet.preview.job import PREVIEW, Job
from settings import SettingsError, read_stack_file

PROJECT_FILE, PROGRAM = "Pulumi.yaml", "__main__.py"


class NoStacks(Exception):
    """There are none, or they can't be told. The message says why; `fix` what to do."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


def jobs(
    folder: Path,
    patterns: Sequence[str],
    packs: Sequence[str] = (),
    pack_configs: Sequence[str] = (),
    command: tuple[str, ...] = PREVIEW,
) -> list[Job]:
    """One for each stack file in `folder` whose stack fits one of the patterns. Raises
    `NoStacks`."""
    if shutil.which("pulumi") is None:
        raise NoStacks("there is no pulumi on PATH", "install Pulumi 3.255 or newer")
    names = names_in(folder)
    project = project_of(folder.resolve())
    chosen = [name for name in sorted(names) if not patterns or fits(name, patterns)]
    if not chosen:
        wanted = f" whose stack fits {' or '.join(map(repr, patterns))}" if patterns else ""
        raise NoStacks(
            f"there is no file Pulumi.<stack>.yaml{wanted} in {folder}", "see ocpreg check"
        )
    return [
        Job(
            stack=name,
            file=names[name],
            environment=environment_of(names[name]),
            project=project,
            packs=tuple(_found(each) for each in packs),
            pack_configs=tuple(_found(each) for each in pack_configs),
            command=command,
        )
        for name in chosen
    ]


def fits(name: str, patterns: Sequence[str]) -> bool:
    """Does the stack's name fit one of them?"""
    return any(fnmatchcase(name, each) for each in patterns)


def names_in(folder: Path) -> dict[str, Path]:
    """Each stack's file, by the stack. Raises `NoStacks`."""
    if not folder.is_dir():
        raise NoStacks(f"there is no folder {folder}", "give the folder of the stack files")
    return {each.stem.removeprefix("Pulumi."): each for each in folder.glob("Pulumi.*.yaml")}


def project_of(folder: Path) -> Path:
    """The engine finds a stack's file by itself: it has to be the one that was chosen here."""
    for above in (folder, *folder.parents):
        if (above / PROJECT_FILE).is_file():
            said = yaml.safe_load((above / PROJECT_FILE).read_text()) or {}
            own = (above / said.get("stackConfigDir", ".")).resolve()
            if own == folder and (above / PROGRAM).is_file():
                return above
            if own == folder:
                raise NoStacks(f"there is no {PROGRAM} in {above}", "check out the whole project")
            raise NoStacks(
                f"{folder} is not where the project {above} has its stack files",
                f"give --stacks-dir {own}",
            )
    raise NoStacks(
        f"there is no {PROJECT_FILE} in {folder} or above it",
        "give the folder of a project's stack files with --stacks-dir",
    )


def environment_of(file: Path) -> str:
    """Empty if it does not say; what is wrong with it the preview says."""
    try:
        cluster = read_stack_file(file).config.get("cluster")
    except SettingsError:
        return ""
    value = cluster.get("environment") if isinstance(cluster, dict) else None
    return value if isinstance(value, str) else ""


def _found(path: str) -> str:
    """The engines run in the project's folder, wherever this command does."""
    return str(Path(path).resolve())
