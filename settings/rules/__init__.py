"""Every rule by which something is refused or doubted, for the reference page."""

from settings.rules import (
    access,
    azure,
    clouds,
    credentials,
    exposure,
    fleet,
    gcs,
    guards,
    pruning,
    s3,
    stack,
    swift,
    trust,
    volume,
)
from settings.rules.rule import Rule as Rule

RULES = {
    **stack.RULES,
    **volume.RULES,
    **s3.RULES,
    **clouds.RULES,
    **gcs.RULES,
    **azure.RULES,
    **swift.RULES,
    **exposure.RULES,
    **trust.RULES,
    **access.RULES,
    **pruning.RULES,
    **credentials.RULES,
    **guards.RULES,
    **fleet.RULES,
}

OURS = frozenset(name for name, rule in RULES.items() if rule.ours)
