"""Render the configuration of the policy pack: an environment's levels, and the exceptions.

    python policies/render.py --environment production -o policy-config.json
    pulumi preview --policy-pack policies --policy-pack-config policy-config.json

Exit code 0: rendered; 1: a reviewed file is unusable, every problem is on stderr; 2: usage.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from declare import ENDED
from exceptions import PolicyException, ended, read_exceptions, reminders
from levels import Environment, EnvironmentLevels, Levels, read_levels
from reviewed import Unusable

from rules import RULES

HERE = Path(__file__).parent


def render(
    environment: Environment, levels: Levels, exceptions: Sequence[PolicyException], today: date
) -> dict[str, Any]:
    """The engine's version-2 document (pulumi pkg/resource/analyzer/config.go).

    An exception past its last day is left out, so that the violation counts again; its policies
    are told, so that they can say which one it was.
    """
    entry = levels.get(environment, EnvironmentLevels())
    return {
        "version": 2,
        "policies": {
            rule.id: {
                "enforcementLevel": entry.levels.get(rule.id, rule.level),
                **({"environment": environment} if "environment" in rule.settings else {}),
                **entry.settings.get(rule.id, {}),
                **({ENDED: over} if (over := ended(exceptions, rule.id, today)) else {}),
            }
            for rule in RULES.values()
        },
        "exceptions": {
            each.id: {
                "reason": f"{each.reason} (until {each.until})",
                "match": [{"policies": each.policies, "targets": each.targets}],
            }
            for each in exceptions
            if each.counts(today)
        },
    }


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    problems, read = [], []
    for reader, path in ((read_levels, given.levels), (read_exceptions, given.exceptions)):
        try:
            read.append(reader(path))
        except Unusable as error:
            problems += error.problems
    if problems:
        return _fail(*problems)
    levels, exceptions = read
    for line in reminders(exceptions, given.today):
        print(line, file=sys.stderr)
    document = render(Environment(given.environment), levels, exceptions, given.today)
    text = json.dumps(document, indent=2) + "\n"
    if given.output is None:
        sys.stdout.write(text)
        return 0
    try:
        given.output.write_text(text)
    except OSError as error:
        return _fail(f"{given.output}: can't be written: {error.strerror}")
    return 0


def _fail(*problems: str) -> int:
    print(*problems, sep="\n", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="render.py", description="Render the configuration of the policy pack as JSON."
    )
    add = parser.add_argument
    add("--environment", required=True, choices=[each.value for each in Environment])
    add("--today", type=_day, default=date.today(), metavar="YYYY-MM-DD")
    add("--levels", type=Path, default=HERE / "levels.yaml", metavar="FILE")
    add("--exceptions", type=Path, default=HERE / "exceptions.yaml", metavar="FILE")
    add("-o", "--output", type=Path, metavar="FILE", help="default: stdout")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write YYYY-MM-DD") from None


if __name__ == "__main__":
    sys.exit(main())
