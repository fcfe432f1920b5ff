"""Values that are known only once something is made."""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.problems import Path


class Later(str):
    """Stands for a value of `spec.storage` until the component knows it.

    Its text says when that is, for plans and messages; no bucket, host or key is like it. It is
    never written to the cluster: see `unfilled`.
    """


def unfilled(value: Any, at: Path = ()) -> Iterator[Path]:
    """The paths of every `Later` in a block."""
    if isinstance(value, Later):
        yield at
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from unfilled(each, (*at, key))
