"""How generated cases are generated, and in which order tests run.

Generated are the same ones in every run, so that a change is judged by what it changes;
OCPREG_RANDOM=1 looks for new ones. What such a run finds becomes a case of its own.
"""

import gc
import os

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("random", derandomize=False)
settings.load_profile("random" if os.environ.get("OCPREG_RANDOM") else "same")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first: no worker then has minutes left when the other has none.

    Files of one lab stay together, as a lab that was stopped has to be started again.
    """
    items.sort(key=lambda item: (_rank(item), _rank(item) < 2 and item.path.name))


def _rank(item: pytest.Item) -> int:
    if not item.get_closest_marker("lab"):
        return 2
    return 0 if item.path.name.startswith("test_interrupted") else 1


def pytest_collection_finish() -> None:
    """What is collected stays to the end: it need not be looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
