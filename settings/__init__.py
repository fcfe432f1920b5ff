"""What a stack file may say: typed, cross-checked, every problem reported at once.

    from settings import check_file
    settings, problems = check_file("stacks/Pulumi.prod-1.yaml")

Nothing here imports Pulumi, and nothing talks to a cluster.
"""

from settings.problems import Problem, SettingsError
from settings.stack import StackSettings
from settings.stackfile import StackFile, check_file, check_read, read_stack_file
from settings.validate import validate

__all__ = [
    "Problem",
    "SettingsError",
    "StackFile",
    "StackSettings",
    "check_file",
    "check_read",
    "read_stack_file",
    "validate",
]
