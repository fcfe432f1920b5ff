"""Kinds of storage are judged like the others before they are built."""

from collections.abc import Iterator

import pytest

from settings import storage


@pytest.fixture(autouse=True, scope="module")
def as_if_built() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "UNBUILT", frozenset())
        yield
