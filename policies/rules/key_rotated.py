from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._aws import KEY, cis
from ._objects import at, text


@resource_rule(
    title="KMS rotates the keys of a stack",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=cis("3.6"),
    types=(KEY,),
    why=(
        "With rotation KMS makes new key material every year and keeps the old for what was "
        "encrypted by it: nothing has to be encrypted again, and the key's ARN stays. It can't be "
        "had for asymmetric keys, which S3 does not take either."
    ),
    source="AWS KMS Developer Guide, rotating keys; AWS Security Hub KMS.4",
    remedy="Give the key `enableKeyRotation: true`.",
)
def key_rotated(key: Resource, settings: Settings) -> Iterator[str]:
    if at(key.props, "enableKeyRotation") is not True and _is_symmetric(key):
        yield "enableKeyRotation is not true"


def _is_symmetric(key: Resource) -> bool:
    return text(key.props, "customerMasterKeySpec") in (None, "SYMMETRIC_DEFAULT")
