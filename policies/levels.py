"""levels.yaml: where an environment departs from what the policies come with."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from declare import Level
from pydantic import BeforeValidator, Field, TypeAdapter
from reviewed import PolicyId, Strict, Unusable, nearest, read

from rules import RULES


class Environment(StrEnum):
    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"


class EnvironmentLevels(Strict):
    """Levels and settings by policy; what is absent is as the policy's own file says."""

    levels: dict[PolicyId, Level] = Field(default={}, description="levels by policy")
    settings: dict[PolicyId, dict[str, Any]] = Field(default={}, description="settings by policy")


Levels = dict[Environment, EnvironmentLevels]
# An environment with nothing under it is null in YAML.
_FILE = dict[Environment, Annotated[EnvironmentLevels, BeforeValidator(lambda v: v or {})]]


def read_levels(path: Path) -> Levels:
    found = read(path, TypeAdapter(_FILE), empty={}, model=EnvironmentLevels)
    problems = [
        f"{path}: {environment}.{problem}"
        for environment, entry in found.items()
        for problem in (*_lowered(environment, entry), *_bad_settings(entry))
    ]
    if problems:
        raise Unusable(problems)
    return found


def _lowered(environment: Environment, entry: EnvironmentLevels) -> Iterator[str]:
    if environment is not Environment.PRODUCTION:
        return
    for policy, level in entry.levels.items():
        if RULES[policy].level is Level.MANDATORY and level is not Level.MANDATORY:
            yield (
                f"levels.{policy}: {level} would lower it on every cluster in production; "
                "write an exception for the resource that needs it"
            )


JSON_TYPES = {"string": {str}, "number": {int, float}, "boolean": {bool}, "array": {list}}


def _bad_settings(entry: EnvironmentLevels) -> Iterator[str]:
    for policy, given in entry.settings.items():
        schemas = RULES[policy].settings
        for key, value in given.items():
            where = f"settings.{policy}.{key}"
            if key not in schemas:
                yield f"{where} is no setting of it{nearest(key, schemas)}"
                continue
            # The engine checks the rest of the schema when it loads the rendered file.
            kind = schemas[key]["type"]
            if key == "environment":
                yield f"{where} comes from --environment; take it out"
            elif type(value) not in JSON_TYPES[kind]:
                yield f"{where}: {value!r} is no {kind}"
