from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._aws import KEY, best_practices
from ._objects import at


@resource_rule(
    title="A key that is deleted by mistake can be had back for two weeks",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=best_practices("KMS.3"),
    types=(KEY,),
    why=(
        "The window is all the time there is to notice that pulls fail and to cancel the "
        "deletion: after it everything that the key encrypted is lost. Layers in the nodes' own "
        "caches hide the fault for days. KMS takes 7 to 30 days, and 30 where nothing is said."
    ),
    source="AWS KMS Developer Guide, deleting keys, about the waiting period",
    remedy="Leave deletionWindowInDays out, or set it to 14 or more.",
    settings={
        "minimumDays": {
            "type": "number",
            "minimum": 7,
            "default": 14,
            "description": "Days between the deletion of a key and its end, at least",
        }
    },
)
def key_deletion_window(key: Resource, settings: Settings) -> Iterator[str]:
    days = at(key.props, "deletionWindowInDays")
    if isinstance(days, int | float) and days < settings["minimumDays"]:
        yield f"deletionWindowInDays is less than {settings['minimumDays']:g}"
