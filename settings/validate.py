"""The values of a stack file -> `StackSettings`, or every problem at once."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from settings import checks
from settings.errors import Fault, faults
from settings.problems import Finding, LineOf, Path, SettingsError, path_text
from settings.stack import StackSettings

ROUNDS = 12
"""Each round mends what the one before has found; this many are never needed."""


def validate(
    config: Mapping[str, Any],
    *,
    stack: str,
    file: str | None = None,
    line_of: LineOf | None = None,
    encrypted: Collection[str] | None = None,
) -> StackSettings:
    """Validate `{"cluster": {...}, "storage": {...}, "registry": {...}}`.

    A secret is its text, as in a running program, or `{"secure": "..."}`, as in a file.
    `encrypted` names the sections of which Pulumi keeps some part as a secret: the text of
    a secret in any other section was written down in plain, which is refused. None asks
    nothing (for values that come from no file).
    Raises `SettingsError` with all problems; doubts are in `.warnings` of either.
    """
    data = dict(config)
    try:
        settings, found, wrong = StackSettings.model_validate(data), [], set()
    except ValidationError as error:
        settings, found, wrong = _mended(data, error)
    if settings is not None:
        found.extend(checks.findings(settings, data, wrong))
        if encrypted is not None:
            found.extend(_plain_secrets(settings, encrypted))
    problems = sorted(
        (each.problem(stack, file, line_of) for each in found),
        key=lambda each: (each.line or 0, each.path),
    )
    warnings = tuple(each for each in problems if each.severity == "warning")
    errors = [each for each in problems if each.severity == "error"]
    if errors or settings is None:
        raise SettingsError(errors, warnings)
    settings._warnings = warnings
    return settings


def _plain_secrets(settings: StackSettings, encrypted: Collection[str]) -> Iterator[Finding]:
    for path, secret in settings.secrets.items():
        if not secret.sealed and path[0] not in encrypted:
            # A text of several lines is read from a file: no shell takes it as an argument.
            source = f" < {path[-1]}" if "\n" in secret.reveal().strip() else ""
            yield Finding(
                path,
                "is a secret in plain text",
                "pulumi config set --secret --path "
                f"'openshift-registry:{path_text(path)}'{source}, and make a new one: "
                "this one has been written down",
                "plain-secret",
            )


def _mended(
    data: dict[str, Any], error: ValidationError
) -> tuple[StackSettings | None, list[Finding], set[Path]]:
    """Find everything by taking out what is wrong and looking again.

    Returns the settings without the wrong parts, for the checks of several keys together;
    missing keys are stood in for by their examples. What such a makeshift would cause is
    not reported: nothing in or around a path that is known to be wrong.
    """
    found: list[Finding] = []
    wrong: set[Path] = set()
    for _ in range(ROUNDS):
        new = faults(error)
        found += [each.finding for each in new if not _known(each, wrong)]
        wrong |= {each.blamed for each in new}
        for each in new:
            data = _mend(data, each, each.blamed)
        try:
            return StackSettings.model_validate(data), found, wrong
        except ValidationError as next_error:
            error = next_error
    return None, found, wrong


def _known(fault: Fault, wrong: set[Path]) -> bool:
    path = fault.blamed
    return any(bad[: len(path)] == path or path[: len(bad)] == bad for bad in wrong)


def _mend(here: Mapping[str, Any], fault: Fault, path: Path) -> dict[str, Any]:
    """A copy of `here` without the blamed entry, or with a missing one put in."""
    first, *rest = path
    inner, out = here.get(first), dict(here)
    if rest and isinstance(inner, dict):
        out[first] = _mend(inner, fault, tuple(rest))
    elif fault.missing and not rest:
        out[first] = fault.example
    else:
        # A list goes as a whole: taking an item out would shift the others.
        out.pop(first, None)
    return out
