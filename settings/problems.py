"""A problem in a stack file, said so that a tired person can act on it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Path = tuple[str | int, ...]
LineOf = Callable[[Path], int | None]
Severity = Literal["error", "warning"]

HIDDEN = "(hidden)"
SECRET_KEYS = frozenset({"kubeconfig", "httpSecret", "tls.key", "private.pem"})
CREDENTIAL = "REGISTRY_STORAGE_"
"""How the keys of the credential secret begin."""
CREDENTIAL_KEY = re.compile(r"[A-Z][A-Z0-9_]*")
PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
LONGEST_VALUE = 60
LONGEST_KEY = 317
"""Of a label: a prefix, a slash and a name."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong or doubtful, and what to write instead.

    `path` leaves the namespace out, as in `storage.claim.create.size`. `value` is short
    and never a secret; empty where there is none to show. `line` counts from 1.
    `rule` is one of docs/reference/refusals.md.
    """

    stack: str
    file: str | None
    line: int | None
    path: str
    value: str
    message: str
    fix: str
    rule: str
    severity: Severity = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        where = f"{place} (stack {self.stack})" if place else f"stack {self.stack}"
        kind = "warning: " if self.severity == "warning" else ""
        return f"{where}: {kind}{self.subject}{self.message}\n    fix: {self.fix} [{self.rule}]"

    @property
    def subject(self) -> str:
        """`path = value: `, as far as there is a path and a value."""
        if not self.path:
            return ""
        return f"{self.path} = {self.value}: " if self.value else f"{self.path}: "


class SettingsError(Exception):
    """A stack file can't be used. `problems` are all reasons, `warnings` what else was found."""

    def __init__(self, problems: Iterable[Problem], warnings: Iterable[Problem] = ()):
        self.problems = tuple(problems)
        self.warnings = tuple(warnings)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Finding(NamedTuple):
    """A problem before it is known which stack and file it is in."""

    path: Path
    message: str
    fix: str
    rule: str
    value: str = ""
    severity: Severity = "error"

    def problem(self, stack: str, file: str | None, line_of: LineOf | None) -> Problem:
        return Problem(
            stack=stack,
            file=file,
            line=line_of(self.path) if line_of else None,
            path=path_text(self.path),
            value=self.value,
            message=self.message,
            fix=self.fix,
            rule=self.rule,
            severity=self.severity,
        )


class Place(NamedTuple):
    """The stack and file that findings are in; no file for settings that come from elsewhere."""

    stack: str
    file: str | None = None
    line_of: LineOf | None = None

    def problem(self, finding: Finding) -> Problem:
        return finding.problem(self.stack, self.file, self.line_of)


def path_text(path: Path) -> str:
    """Spelled as `pulumi config set --path` takes it: `a.b[0]["c.d"]`."""
    text = ""
    for part in _shown_keys(path):
        if isinstance(part, str) and PLAIN_KEY.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{part}]" if isinstance(part, int) else f"[{quoted(str(part))}]"
    return text


def shown_key(key: str) -> str:
    """A key that may be a value in the wrong place, a secret even, is not shown."""
    odd = "-----BEGIN" in key or "\n" in key or len(key) > LONGEST_KEY
    return HIDDEN if odd else key


def _shown_keys(path: Path) -> Iterator[str | int]:
    for index, part in enumerate(path):
        if isinstance(part, str) and index == 2 and path[0] == "credentials":
            yield part if CREDENTIAL_KEY.fullmatch(part) else HIDDEN
        else:
            yield shown_key(part) if isinstance(part, str) else part


def quoted(text: str) -> str:
    """In double quotes, with everything that could upset a terminal escaped."""
    return '"' + repr(text)[1:-1].replace('"', '\\"') + '"'


def shown(value: Any, path: Path = ()) -> str:
    """A value short enough for one line, with nothing secret in it."""
    if value is None:
        return "null"
    if any(part in SECRET_KEYS or str(part).startswith(CREDENTIAL) for part in path):
        return HIDDEN
    if isinstance(value, str):
        if "\n" in value:
            return f"(text of {value.count(chr(10)) + 1} lines)"
        # The part of a URL before the host may be a user name and a password.
        text = re.sub(r"^(\w+://)?.+@", r"\1***@", value)
        short = text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "..."
        return quoted(short)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "(encrypted)" if is_encrypted(value) else "(a mapping)"
    if isinstance(value, Sequence):
        return f"(a list of {len(value)})"
    return repr(value)[:LONGEST_VALUE]


def is_encrypted(value: Any) -> bool:
    """Is it what Pulumi writes for a secret: a mapping of `secure` to text and no more?"""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get("secure"), str)
