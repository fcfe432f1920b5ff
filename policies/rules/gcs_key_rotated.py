import re
from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._google import KEY, cis
from ._objects import at, text

DAY = 24 * 3600


@resource_rule(
    title="Cloud KMS rotates the keys of a stack",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=cis("1.10"),
    types=(KEY,),
    why=(
        "With rotation Cloud KMS makes a new version of the key and keeps the old ones for what "
        "was encrypted by them: nothing has to be encrypted again, and the key's name stays. "
        "Without a period nothing is ever rotated."
    ),
    source="Cloud KMS documentation, key rotation",
    remedy='Give the key `rotationPeriod: "7776000s"`, which is 90 days.',
    settings={
        "maximumDays": {
            "type": "number",
            "minimum": 1,
            "default": 365,
            "description": "Days between two rotations, at most",
        }
    },
)
def gcs_key_rotated(key: Resource, settings: Settings) -> Iterator[str]:
    if (text(key.props, "purpose") or "ENCRYPT_DECRYPT") != "ENCRYPT_DECRYPT":
        return  # Others can't be rotated by themselves, and no bucket takes them.
    if at(key.props, "rotationPeriod") is None:
        yield "rotationPeriod is missing"
    elif not _seconds(text(key.props, "rotationPeriod")) <= settings["maximumDays"] * DAY:
        yield f"rotationPeriod is longer than {settings['maximumDays']:g} days"


def _seconds(period: str | None) -> float:
    """Google writes seconds and an s; what is no period is refused by it."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)s", period or "")
    return float(found[1]) if found else 0
