"""Which test files one worker runs, one after the other: those of a unit have a lab in common.

To start one takes as long as five runs of the engine. Whoever comes later makes it fresh first.
"""

from pathlib import Path

LABS = {
    "test_aws.py": "lab-aws",
    "test_aws_rotation.py": "lab-aws",
    "test_aws_kms.py": "lab-aws-kms",
    "test_interrupted_aws.py": "lab-aws-kms",
    "test_azure.py": "lab-azure",
    "test_interrupted_azure.py": "lab-azure",
    "test_swift.py": "lab-swift",
    "test_interrupted_swift.py": "lab-swift",
}
"""File -> the stack of its lab."""


def unit(file: str | Path) -> str:
    """The lab of files that share one; of any other file, its name."""
    name = Path(file).name
    return LABS.get(name, name)
