"""Options of resources, put together."""

from typing import Any

from pulumi import ResourceOptions


def merged(*options: ResourceOptions) -> ResourceOptions:
    """The later ones win, and lists grow."""
    found = ResourceOptions()
    for each in options:
        found = ResourceOptions.merge(found, each)
    return found


def kept(*options: ResourceOptions, **more: Any) -> ResourceOptions:
    """Of what stays whatever happens to the stack: the registry that stays needs it."""
    return merged(*options, ResourceOptions(retain_on_delete=True, **more))
