"""How generated cases are generated, and in which order tests run.

Generated are the same ones in every run, so that a change is judged by what it changes;
OCPREG_RANDOM=1 looks for new ones. What such a run finds becomes a case of its own.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings

from tests import quick
from tests.units import ask_for, unit
from tests.warm import server

settings.register_profile("same", derandomize=True)
settings.register_profile("random", derandomize=False)
settings.load_profile("random" if os.environ.get("OCPREG_RANDOM") else "same")


WARM = pytest.StashKey[dict[str, str]]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """All workers have one warm Python: each package is imported once."""
    config = node.config
    if WARM not in config.stash:
        held = ExitStack()
        config.add_cleanup(held.close)
        folder = Path(held.enter_context(TemporaryDirectory()))
        config.stash[WARM] = held.enter_context(server.started(folder))
    node.workerinput["warm"] = config.stash[WARM]


@pytest.fixture(scope="session")
def quick_runs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Runs of the engine take half the time."""
    warm = getattr(request.config, "workerinput", {}).get("warm")
    with quick.made(tmp_path_factory.mktemp("quick"), warm):
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadFileScheduling

    class ByUnit(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit(super()._split_scope(nodeid))

    return ByUnit(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first: no worker then has minutes left when the other has none.

    Files with labs of their own come before those of everybody's lab, which then need not run all
    the time.
    """
    units: dict[str, list[pytest.Item]] = {}
    for item in items:
        units.setdefault(unit(item.path), []).append(item)
    ranks = {name: _rank(each) for name, each in units.items()}

    def place(item: pytest.Item) -> tuple[int | str, ...]:
        rank, name = ranks[unit(item.path)], item.path.name
        # Of a unit, those that are killed make the lab fresh for themselves.
        return (rank, unit(name), _killed(item), name) if rank < 3 else (rank,)

    items.sort(key=place)


def _killed(item: pytest.Item) -> bool:
    return item.path.name.startswith("test_interrupted")


def _rank(items: list[pytest.Item]) -> int:
    """Of a unit."""
    if any(map(_killed, items)):
        return 0
    on_labs = [item for item in items if item.get_closest_marker("lab")]
    if not on_labs:
        return 3 if any(item.get_closest_marker("slow") for item in items) else 4
    return 2 if ask_for(on_labs, "lab", "release") else 1


def pytest_collection_finish() -> None:
    """What is collected stays to the end: it need not be looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
