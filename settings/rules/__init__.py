"""Every rule by which something is refused or doubted, for the reference page."""

from settings.rules import guards, stack
from settings.rules.rule import Rule as Rule

RULES = {**stack.RULES, **guards.RULES}

OURS = frozenset(name for name, rule in RULES.items() if rule.ours)
