from pathlib import Path

import pytest

from tests.units import UNITS


@pytest.mark.parametrize(
    ("name", "file"), [(name, file) for name, files in UNITS.items() for file in files]
)
def test_a_file_uses_the_lab_that_it_shares(name: str, file: str) -> None:
    (found,) = Path(__file__).parent.rglob(file)
    said = {"bare_metal": "(bare: Lab", "current": "lab_of(release)"}
    assert said.get(name, f'lab_of("4.15", "{name}")') in found.read_text()
