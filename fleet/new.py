"""`ocpreg new`: a stack file made from the example of its platform.

Of the example only the name of its cluster is replaced, in what is named after it; host names
stay, since there may be a certificate for them.
"""

import re
from pathlib import Path

from fleet.check import check_files
from settings import Problem
from settings.types import LABEL, choose
from settings.yaml_scalars import STR, plain

HERE = Path(__file__).resolve().parent
PLACES = (HERE.parent / "docs" / "examples", HERE / "examples")
"""In a checkout; where the package is installed without one."""

HEAD = "# yaml-language-server: $schema=../../stacks/schema.json\n"
COPY = (
    "# Copy it to stacks/Pulumi.<stack>.yaml, write $schema=schema.json, "
    "and change what is yours.\n"
)
SUFFIX = "-x7k2p"
"""What the installer adds to a cluster's name, in the examples."""


class NotMade(Exception):
    """No file was written. The message says why, `fix` what to do."""

    def __init__(self, message: str, fix: str):
        super().__init__(message)
        self.fix = fix


def examples() -> dict[str, Path]:
    """Platform -> its example."""
    folder = next(each for each in PLACES if each.is_dir())
    found = sorted(folder.glob("Pulumi.*-*.yaml"), key=_platform)
    return {_platform(each): each for each in found}


def about(example: Path) -> str:
    """The first sentence of its comment."""
    lines = example.read_text().removeprefix(HEAD).splitlines()
    comment = " ".join(each[2:] for each in lines if each.startswith("# "))
    return re.split(r"\.( |$)", comment, maxsplit=1)[0] + "."


def make(platform: str, name: str, folder: Path, infrastructure: str | None) -> Path:
    """Write the file of the stack `name`. Raises `NotMade`; then nothing is there."""
    known = examples()
    if platform not in known:
        raise NotMade(f"there is no example for {platform!r}", choose(platform, known))
    if not re.fullmatch(LABEL, name) or plain(name)[0] != STR:
        raise NotMade(
            f"{name!r} can't be the name of a cluster",
            "use lower-case letters, digits and '-', and not digits alone, e.g. prod-1",
        )
    file = folder / f"Pulumi.{name}.yaml"
    try:
        with file.open("x") as stream:
            stream.write(_text(known[platform], platform, name, infrastructure))
    except FileExistsError:
        raise NotMade(f"there is {file} already", "use another name, or edit it") from None
    except OSError as error:
        reason = (error.strerror or "it can't be written").lower()
        raise NotMade(f"{file}: {reason}", "name a folder with --stacks-dir") from None
    wrong = _errors(file)
    if wrong:
        file.unlink()
        raise NotMade(f"{wrong[0].subject}{wrong[0].message}", wrong[0].fix)
    return file


def _errors(file: Path) -> list[Problem]:
    """What `ocpreg check` would say of it, also beside the stacks that are there."""
    (checked,) = check_files([file])
    return [each for each in checked.problems if each.severity == "error"]


def _platform(example: Path) -> str:
    """`Pulumi.prod-aws-kms.yaml` -> `aws-kms`."""
    return example.stem.partition("-")[2]


def _text(example: Path, platform: str, name: str, infrastructure: str | None) -> str:
    old = example.stem.removeprefix("Pulumi.")
    text = example.read_text().replace(HEAD, "# yaml-language-server: $schema=schema.json\n")
    text = text.replace(
        COPY, f"# Made with `ocpreg new {platform} {name}`: change what is yours.\n"
    )
    text = _replaced(text, f"{old}{SUFFIX}", infrastructure or f"{name}{SUFFIX}")
    # A storage account of Azure has a name of letters and digits, of 24 at most.
    text = _replaced(text, f"{_joined(old)}registry", f"{_joined(name)[:16]}registry")
    return _replaced(text, old, name)


def _joined(name: str) -> str:
    return name.replace("-", "")


def _replaced(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![-.\w]){re.escape(old)}(?!\w)", new, text)
