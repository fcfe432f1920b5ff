"""What of the cache is made by one at a time."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(place: Path, say: Callable[[str], None], name: str = "") -> Iterator[None]:
    """One at a time makes `place`; the system releases the lock of a process that dies."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_suffix(".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  {name or place.name}: waiting for another build of it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def minutes(seconds: float) -> str:
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"
