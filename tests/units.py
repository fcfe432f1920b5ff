"""Which test files one worker runs, one after the other: those of a unit have a lab in common.

To start one takes as long as five runs of the engine, and to have one that nobody asks takes a
twentieth of a core. Whoever comes later makes it fresh first; with the unit it ends.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

UNITS = {
    "lab-aws": ("test_aws.py", "test_aws_rotation.py"),
    "lab-aws-kms": ("test_aws_kms.py", "test_interrupted_aws.py"),
    "lab-azure": ("test_azure.py", "test_interrupted_azure.py"),
    "lab-swift": ("test_swift.py", "test_interrupted_swift.py"),
    "bare_metal": ("test_add_ons.py", "test_removed_platforms.py", "test_static_volumes.py"),
    "current": ("test_dry_run.py", "test_dry_run_pruning.py"),
}
"""Files of tests by what they say of their lab."""

_OF_FILE = {file: name for name, files in UNITS.items() for file in files}


def unit(file: str | Path) -> str:
    """That of a file; its name, if it shares no lab."""
    name = Path(file).name
    return _OF_FILE.get(name, name)


def ask_for(items: Iterable[pytest.Item], *fixtures: str) -> bool:
    """Does one of these tests use one of these fixtures?"""
    return any({*fixtures} & {*each.fixturenames} for each in items)  # type: ignore[attr-defined]
