"""Stack files: `Pulumi.<stack>.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from yaml.nodes import MappingNode, Node, SequenceNode

from settings.problems import Finding, Path, Problem, SettingsError, quoted
from settings.sections import PROJECT, sections
from settings.stack import StackSettings
from settings.validate import validate
from settings.yamlfile import Reading, YamlError, compose

FILE_NAME = re.compile(r"Pulumi\.(.+)\.yaml")
LARGEST = 1024 * 1024


@dataclass(frozen=True)
class StackFile:
    """A stack file as read, not yet validated.

    `config` holds the sections under the project's namespace without it, as `validate`
    takes them. `problems` are those of the file's own form.
    """

    path: str
    stack: str
    config: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()
    _keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    _root: Node | None = field(default=None, repr=False)

    def line_of(self, path: Path) -> int | None:
        """The line of the value at `path`, or of the nearest thing around it. From 1."""
        section = self._keys.get(str(path[0])) if path else None
        return _line(self._root, ("config", section, *path[1:]) if section else path)


def read_stack_file(path: str | FilePath) -> StackFile:
    """Read one file. Raises `SettingsError` when nothing in it can be validated."""
    file = FilePath(path)
    match = FILE_NAME.fullmatch(file.name)
    stack = match[1] if match else file.stem.removeprefix("Pulumi.")

    def unusable(rule: str, message: str, fix: str, line: int | None = None) -> SettingsError:
        finding = Finding((), message, fix, rule)
        return SettingsError([finding.problem(stack, str(path), lambda _: line)])

    if match is None:
        raise unusable(
            "file-name", "is not named as Pulumi looks for it", "name it Pulumi.<stack>.yaml"
        )
    try:
        root = compose(_text(file))
        reading = Reading(root)
    except OSError as error:
        reason = (error.strerror or "no such file").lower()
        raise unusable("file", f"can't be read: {reason}", "check path and rights") from None
    except UnicodeDecodeError as error:
        at = f"byte {error.start + 1}"
        raise unusable("file", f"is not UTF-8 ({at})", "save it as UTF-8") from None
    except YamlError as error:
        reason = f"is not YAML that Pulumi can read: {error}"
        raise unusable("yaml", reason, "correct the YAML", error.line) from None
    if not isinstance(reading.value, dict):
        empty = reading.value is None
        raise unusable(
            "yaml",
            "is empty" if empty else "is not a mapping of keys",
            f"write `config:` and under it `{PROJECT}:cluster:`",
        )
    config, keys, found = sections(reading.value)
    read = StackFile(str(path), stack, config or {}, (), keys, root)
    problems = [each.problem(stack, str(path), read.line_of) for each in found]
    for name, line in reading.twice:
        twice = Finding(
            (), f"has the key {quoted(name)} twice in one mapping", "keep one", "duplicate-key"
        )
        problems.append(replace(twice.problem(stack, str(path), None), line=line))
    if config is None:
        raise SettingsError(problems)
    return replace(read, problems=tuple(problems)) if problems else read


def check_file(path: str | FilePath) -> tuple[StackSettings | None, list[Problem]]:
    """Read and validate one file, offline. The settings are None if there is any error."""
    try:
        return check_read(read_stack_file(path))
    except SettingsError as error:
        return None, list(error.problems)


def check_read(read: StackFile) -> tuple[StackSettings | None, list[Problem]]:
    """Validate a file that was read, as `check_file` does."""
    try:
        settings = validate(
            read.config, stack=read.stack, file=read.path, line_of=read.line_of, encrypted=()
        )
        found = [*settings.warnings]
    except SettingsError as error:
        settings, found = None, [*error.problems, *error.warnings]
    said = {each.path for each in read.problems if each.path}
    found = [each for each in found if each.path not in said]
    problems = sorted((*read.problems, *found), key=lambda each: each.line or 0)
    wrong = any(each.severity == "error" for each in problems)
    return None if wrong else settings, problems


def _text(file: FilePath) -> str:
    with file.open("rb") as stream:
        raw = stream.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise YamlError(f"it is larger than {LARGEST} bytes", None)
    return raw.decode("utf-8-sig")


def _line(node: Node | None, path: Path) -> int | None:
    if node is None:
        return None
    line = node.start_mark.line + 1
    for part in path:
        if isinstance(node, MappingNode):
            pair = next((each for each in node.value if each[0].value == part), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line
