import re
from collections.abc import Iterator

from declare import Framework, Level, Resource, Settings, Severity, resource_rule

from ._google import KEY
from ._objects import text

DAY = 24 * 3600


@resource_rule(
    title="A version of a key that is destroyed by mistake can be had back for two weeks",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=Framework("Cloud KMS documentation", "1", "Destroy and restore key versions"),
    types=(KEY,),
    why=(
        "The window is all the time there is to notice that pulls fail and to restore the "
        "version: after it everything that it encrypted is lost. Layers in the nodes' own caches "
        "hide the fault for days. Google waits 30 days where nothing is said, and it can't be "
        "changed later."
    ),
    source="Cloud KMS documentation, duration of the scheduled for destruction state",
    remedy='Leave destroyScheduledDuration out, or set it to "1209600s", 14 days, or more.',
    settings={
        "minimumDays": {
            "type": "number",
            "minimum": 1,
            "default": 14,
            "description": "Days between the destruction of a version and its end, at least",
        }
    },
)
def gcs_key_destroy_window(key: Resource, settings: Settings) -> Iterator[str]:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)s", text(key.props, "destroyScheduledDuration") or "")
    if found and float(found[1]) < settings["minimumDays"] * DAY:
        yield f"destroyScheduledDuration is less than {settings['minimumDays']:g} days"
