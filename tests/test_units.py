from pathlib import Path

import pytest

from tests.units import LABS


@pytest.mark.parametrize("file", LABS)
def test_a_file_uses_the_lab_that_it_shares(file: str) -> None:
    (found,) = Path(__file__).parent.rglob(file)
    assert f'lab_of("4.15", "{LABS[file]}")' in found.read_text()
