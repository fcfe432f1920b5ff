"""All rules: every module here whose name has no underscore in front holds one."""

from importlib import import_module
from pkgutil import iter_modules

from declare import Rule

RULES: dict[str, Rule] = {
    rule.id: rule
    for module in sorted(found.name for found in iter_modules(__path__))
    if not module.startswith("_")
    for rule in [getattr(import_module(f"{__name__}.{module}"), module)]
}
