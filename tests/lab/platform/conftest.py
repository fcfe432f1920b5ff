"""Labs of other platforms, with what an administrator added."""

import pytest

from lab.lab import Lab
from tests.lab.conftest import Labs
from tests.lab.platform.labs import empty, start


@pytest.fixture
def bare(labs: Labs, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """The unit's lab on bare metal, with every add-on, its registry removed and no claims or
    volumes."""
    key = ("4.15", "bare-metal")
    if key not in labs:
        folder = tmp_path_factory.mktemp("bare-metal")
        labs[key] = start(folder, "BareMetal", "odf", "nutanix-csi")
    empty(labs[key])
    return labs[key]


@pytest.fixture
def vsphere(labs: Labs, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    key = ("4.15", "vsphere")
    if key not in labs:
        labs[key] = start(tmp_path_factory.mktemp("vsphere"), "VSphere")
    return labs[key]
