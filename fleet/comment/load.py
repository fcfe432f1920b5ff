"""The folder that `ocpreg preview --out` has filled, also one that it left unfinished."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fleet.preview.events import Told, read
from fleet.preview.keep import EVENTS, SUMMARY, VERSION

FAILED, VIOLATIONS, CHANGES, SAME = "failed", "violations", "changes", "same"
"""As `fleet.preview.outcome.Result` has them in JSON."""


@dataclass(frozen=True)
class Cluster:
    """One stack, as its preview left it."""

    stack: str
    environment: str
    result: str
    errors: tuple[str, ...]
    told: Told


@dataclass(frozen=True)
class Kept:
    """All stacks; and why that may not be all of them."""

    clusters: tuple[Cluster, ...]
    trouble: str | None = None


def load(folder: Path) -> Kept:
    """Never fails: the comment says what is missing."""
    if not folder.is_dir():
        return Kept((), "No preview has left anything: the step before this one has failed.")
    try:
        summary = json.loads((folder / SUMMARY).read_text())
        listed = [_cluster(folder, each) for each in summary["stacks"]]
        version = summary["version"]
    except FileNotFoundError:
        return Kept(
            tuple(_unfinished(each.parent) for each in sorted(folder.glob(f"*/{EVENTS}"))),
            "The previews did not come to their end: what is below is what was done until then.",
        )
    except (OSError, ValueError, LookupError, TypeError):
        return Kept((), f"{SUMMARY} of the previews can't be read.")
    if version != VERSION:
        return Kept((), f"The previews are of another version of ocpreg ({SUMMARY}: {version}).")
    return Kept(tuple(listed))


def _cluster(folder: Path, about: dict[str, Any]) -> Cluster:
    told = _told(folder / about["stack"])
    errors = tuple(map(str, about["errors"]))
    return Cluster(about["stack"], about["environment"] or "", about["result"], errors, told)


def _unfinished(folder: Path) -> Cluster:
    told = _told(folder)
    if not told.whole or told.errors:
        return Cluster(folder.name, "", FAILED, tuple(told.errors), told)
    stopped = any(each.stops for each in told.violations)
    changed = told.changes.keys() - {"same"}
    result = VIOLATIONS if stopped else CHANGES if changed else SAME
    return Cluster(folder.name, "", result, (), told)


def _told(folder: Path) -> Told:
    try:
        return read((folder / EVENTS).read_text(errors="replace"))
    except (OSError, LookupError, TypeError, AttributeError):
        return Told()
