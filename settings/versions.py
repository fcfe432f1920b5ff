"""Keys that the cluster's version does not have yet."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from settings.cluster import Minor, minor
from settings.problems import Finding, Path, shown
from settings.stack import StackSettings
from settings.walk import ANY, entries

RWO_SINCE = (4, 4)


def too_new(config: Mapping[str, Any], settings: StackSettings) -> Iterator[Finding]:
    """Each key of the stack file that is newer than `cluster.version`."""
    have = settings.cluster.minor
    for (section, name, *rest), since in _newer(have):
        keys = config.get(section)
        if isinstance(keys, dict) and name in keys:
            for path, value in _present(keys[name], rest, (section, name)):
                yield _finding(path, value, since, settings.cluster.version)
    storage = settings.storage
    if storage is not None and have < RWO_SINCE and "rolloutStrategy" in storage.demands:
        path = ("storage", "claim", storage.claim.mode, "accessModes")
        yield _finding(path, list(storage.access_modes or ()), "4.4", settings.cluster.version)


def _finding(path: Path, value: Any, since: str, version: str) -> Finding:
    return Finding(
        path,
        f"came with OpenShift {since}, and cluster.version is {version}",
        f'leave it out, or write version: "{since}" or later if the cluster has that',
        "version",
        shown(value, path),
    )


@cache
def _newer(than: Minor) -> tuple[tuple[Path, str], ...]:
    found = {each.path: each.fact("since") for each in entries(StackSettings)}
    return tuple((path, since) for path, since in found.items() if since and minor(since) > than)


def _present(value: Any, pattern: list[str | int], path: Path) -> Iterator[tuple[Path, Any]]:
    if not pattern:
        yield path, value
        return
    first, *rest = pattern
    if first == ANY:
        for index, each in enumerate(value if isinstance(value, list) else ()):
            yield from _present(each, rest, (*path, index))
    elif isinstance(value, dict) and first in value:
        yield from _present(value[first], rest, (*path, first))
