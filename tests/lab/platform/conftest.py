"""Labs of other platforms, with what an administrator added."""

from collections.abc import Iterator

import pytest

from lab.lab import Lab
from tests.lab.platform.labs import empty, start


@pytest.fixture(scope="session")
def bare_metal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The run's lab on bare metal, with every add-on."""
    lab = start(tmp_path_factory.mktemp("bare-metal"), "BareMetal", "odf", "nutanix-csi")
    yield lab
    lab.stop()


@pytest.fixture
def bare(bare_metal: Lab) -> Lab:
    """That lab, with its registry removed and no claims or volumes."""
    empty(bare_metal)
    return bare_metal


@pytest.fixture(scope="session")
def vsphere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = start(tmp_path_factory.mktemp("vsphere"), "VSphere")
    yield lab
    lab.stop()
