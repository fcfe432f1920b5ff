from collections.abc import Iterator, Sequence

from declare import Level, Resource, Settings, Severity, stack_rule

from ._aws import cis
from ._identities import ACCESS_KEY, IDENTIFYING, Reach, owner_of

MOST = 2


@stack_rule(
    title="The registry's user has one access key, and a second while it is rotated",
    severity=Severity.MEDIUM,
    level=Level.MANDATORY,
    framework=cis("1.13"),
    types=IDENTIFYING,
    why=(
        "The new key is made before the old one goes, so that the registry never has none. AWS "
        "gives a user two: a third fails during `pulumi up`, when others of the run are made. A "
        "key that nothing uses is one whose loss nobody notices."
    ),
    source="AWS IAM User Guide, managing access keys, quotas",
    remedy="Delete the keys that the operator's secret does not hold.",
)
def credentials_two_keys(
    resources: Sequence[Resource], settings: Settings
) -> Iterator[tuple[Resource, str]]:
    keys: dict[str, list[Resource]] = {}
    for each in resources:
        if each.resource_type == ACCESS_KEY:
            keys.setdefault(owner_of(each, resources), []).append(each)
    for owner, owned in keys.items():
        if len(owned) > MOST and Reach.of(resources).has(owner):
            for each in owned[MOST:]:
                yield each, "the registry's user has more than two access keys"
