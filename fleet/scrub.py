"""Secrets taken out of text that leaves the machine, whoever has put them there.

The engine masks what it knows to be secret. This does not ask it: it looks for what secrets look
like, and for values that are known to be some.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

MASK = "[secret]"
SHORTEST = 6
"""A known value of fewer characters is in every other word."""
LOOKS = re.compile(
    "|".join(
        (
            # In lines or with its line ends escaped, cut short or not.
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----[^\"']*?"
            r"(?:-----END [A-Z ]*PRIVATE KEY-----|(?=[\"'])|\Z)",
            r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
            r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*",
            r"\bsha256~[\w-]{20,}",
            r"\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}|\bpul-[0-9a-f]{40}\b",
            # A key of 64 bytes in base64, as Azure gives them.
            r"(?<![\w+/])[A-Za-z0-9+/]{86}==(?![\w=])",
            r"(?i:(?<=bearer )[\w.~+/-]{12,}=*)",
            r"(?<=://)[^\s/:@]+:[^\s/@]+(?=@)",
            r"(?i:(?<=AccountKey=)[\w+/=]{20,}|(?<=SharedAccessSignature=)\S{20,})",
            r"(?i:(?<=[?&]sig=)[\w%+/=]{20,})",
        )
    )
)
NAMES = (
    r"(?:secret[_-]?(?:access[_-]?)?key|account[_-]?key|password|passphrase"
    r"|client[_-]?secret|private[_-]?key|token)"
)
NAMED = re.compile(
    rf"(?i)({NAMES}[\"']?\s*[:=]\s*[\"']?)(?!\[secret\]|\[unknown\])([^\s\"',}}]{{8,}})"
)
"""A value behind a name that only secrets have."""
KEY = re.compile(rf"(?i)[\w.-]*{NAMES}")
SECRET_NAMES = re.compile(r"(?i)(token|password|passphrase|secret|access_?key|private_?key|pat$)")


class Scrubber:
    """`scrub(text)` with every secret masked. `known`: values that must not be in it, in clear, in
    base64 or escaped as in a URL."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        forms = {form for each in known for form in _forms(each)}
        longest_first = sorted(forms, key=lambda each: (-len(each), each))
        self._known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def __call__(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(MASK, text)
        return NAMED.sub(rf"\1{MASK}", LOOKS.sub(MASK, text))

    def inside(self, value: Any) -> Any:
        """Of something that is or becomes JSON."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, Mapping):
            return {key: self._under(key, each) for key, each in value.items()}
        return [self.inside(each) for each in value] if isinstance(value, list) else value

    def _under(self, key: str, value: Any) -> Any:
        named = isinstance(value, str) and len(value) >= 8 and KEY.fullmatch(key)
        return MASK if named else self.inside(value)


def _forms(value: str) -> Iterator[str]:
    for each in {value, *value.splitlines()} if "PRIVATE KEY" not in value else {value}:
        text = each.strip()
        if len(text) < SHORTEST:
            continue
        yield text
        yield quote(text, safe="")
        raw = text.encode()
        for before in range(3):
            # In the middle of something that is encoded as a whole, by the two other alignments.
            encoded = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
            inside = encoded[(0, 2, 3)[before] :]
            whole = inside if (before + len(raw)) % 3 == 0 else inside[:-1]
            if len(whole) >= SHORTEST + 2:
                yield whole


def known_of(environment: Mapping[str, str]) -> list[str]:
    """Values of variables whose names say that they are secret."""
    return [
        value
        for name, value in environment.items()
        if SECRET_NAMES.search(name) and len(value) >= 8 and "/" not in value[:2]
    ]


def sealed(written: Any, opened: Any) -> Iterator[str]:
    """What is opened where a stack file has `secure`."""
    if isinstance(written, Mapping):
        if set(written) == {"secure"} and isinstance(written["secure"], str):
            yield from _texts(opened)
            return
        for key, each in written.items():
            if isinstance(opened, Mapping) and key in opened:
                yield from sealed(each, opened[key])
    elif isinstance(written, list) and isinstance(opened, list):
        for each, other in zip(written, opened, strict=False):
            yield from sealed(each, other)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
