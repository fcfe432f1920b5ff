"""Labs of other platforms, with what an administrator added."""

import pytest

from lab.lab import Lab
from tests.lab.conftest import Labs
from tests.lab.platform.labs import empty, start


@pytest.fixture
def bare(labs: Labs, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """The unit's lab on bare metal, with every add-on, its registry removed and no claims or
    volumes."""
    lab = _lab(labs, tmp_path_factory, "BareMetal", "odf", "nutanix-csi")
    empty(lab)
    return lab


@pytest.fixture
def vsphere(labs: Labs, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return _lab(labs, tmp_path_factory, "VSphere")


def _lab(labs: Labs, folders: pytest.TempPathFactory, platform: str, *add_ons: str) -> Lab:
    key = ("4.15", platform)
    if key not in labs:
        labs[key] = start(folders.mktemp(platform), platform, *add_ons)
    return labs[key]
