"""Is a thing there or not, as its mode says?"""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.contradiction import contradiction
from settings.facts import ObjectFacts
from settings.problems import Finding, Path


def presence(
    path: Path,
    wanted: Any,
    live: Mapping[str, ObjectFacts | None],
    cluster: str,
    adoptable: bool = True,
) -> Iterator[Finding]:
    """`path` leads to the name of `wanted`; `live` holds what could be read, by name. Of what is
    not adoptable the stack file knows no `adopt`."""
    if wanted.name not in live:
        return
    found = live[wanted.name]
    if wanted.mode == "create" and found is not None and not found.made_for(cluster):
        adopt = "`adopt` to take it over, " if adoptable else ""
        yield contradiction(
            path,
            wanted.name,
            "it exists already and was not made by this stack",
            f"write {adopt}`use` to leave it to its owner, or another name",
            "exists",
        )
    elif wanted.mode != "create" and found is None:
        yield contradiction(
            path,
            wanted.name,
            "there is no such object in the cluster",
            "check the name, or write `create`",
            "missing",
        )
