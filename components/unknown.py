"""A value that a preview can't know."""

from typing import Any

import pulumi
from pulumi.output import UNKNOWN


def unknown() -> pulumi.Output[Any]:
    """Shown as such in a plan. An `up` has read or made everything that it writes: there it is an
    error, and nothing is written in its place."""
    if not pulumi.runtime.is_dry_run():
        raise pulumi.RunError(
            "a value of the storage is not known yet, and nothing was written in its place\n"
            "    fix: run it again; `pulumi preview` says what could not be read"
        )
    return pulumi.Output.from_input(UNKNOWN)
