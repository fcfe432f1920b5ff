"""Text as Markdown that shows it, whatever it holds."""

import re
from collections.abc import Iterable

SPECIAL = re.compile(r"([\\`*_\[\]|~$])")
HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
CALLS = re.compile(r"(\\?[@#!~%$])(?=\w)|(:)(?=//)")
"""What makes a link to somebody or something, or an address; nothing that is seen breaks it."""
LONGEST_LINE = 300


def text(value: str) -> str:
    """One line of prose."""
    line = SPECIAL.sub(r"\\\1", " ".join(value.split()))
    line = "".join(HTML.get(each, each) for each in line)
    return CALLS.sub(r"\1\2&#8203;", line)


def code(value: str) -> str:
    """In one line."""
    line = " ".join(value.split()) or " "
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    inside = f" {line} " if line[0] == "`" or line[-1] == "`" else line
    return f"{fence}{inside}{fence}"


def fence(lines: Iterable[str], language: str = "") -> str:
    """A block of code."""
    body = "\n".join(_short(line) for each in lines for line in (each.splitlines() or [""]))
    marks = "`" * max(3, max(map(len, re.findall("`+", body)), default=0) + 1)
    return f"{marks}{language}\n{body}\n{marks}"


def _short(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}..."


def row(cells: Iterable[str]) -> str:
    escaped = (re.sub(r"(?<!\\)\|", r"\|", each) for each in cells)
    return f"| {' | '.join(escaped)} |"


def details(summary: str, body: str) -> str:
    """Collapsed. `summary` is HTML."""
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def html(value: str) -> str:
    """Inside `summary`, where no Markdown counts."""
    return "".join(HTML.get(each, each) for each in " ".join(value.split()))
