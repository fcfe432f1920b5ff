"""Options of resources in Azure."""

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


def taken_up(identifier: str, there: bool) -> ResourceOptions:
    """Import it if it is there. No import takes place of what the state knows."""
    return ResourceOptions(import_=identifier) if there else ResourceOptions()
