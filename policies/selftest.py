"""Prove that this installation of the pack works: every policy on its own examples.

    venv/bin/python selftest.py             where the pack is installed by itself
    .venv/bin/python policies/selftest.py   in a checkout

The pack is started as the engine starts it, with the Python that runs this, and asked over the
engine's protocol. Exit code 0: each policy reports its bad examples and lets its good ones pass;
1: one does not, or the pack does not start.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
INSTALL = f"install the pack's packages (in {HERE}: pulumi install), and use that Python"


@dataclass(frozen=True)
class Problem:
    """A policy that does not behave, or a reason why none could be asked."""

    policy: str
    says: str
    example: str = ""

    def __str__(self) -> str:
        example = f": {self.example}" if self.example else ""
        return f"{self.policy}: {self.says}{example}"


@dataclass
class Report:
    pack: str = ""
    version: str = ""
    policies: int = 0
    examples: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.problems

    @property
    def summary(self) -> str:
        if not self.policies:
            return "the pack could not be asked"
        told = f"{self.pack} {self.version}: {self.policies} policies, {self.examples} examples"
        wrong = len({each.policy for each in self.problems})
        return f"{told}; {f'{wrong} wrong' if wrong else 'all as they should be'}"

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "passed": self.passed}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="selftest.py", description="Prove that this installation of the policy pack works."
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args(arguments)
    report = Report()
    try:
        _run(report)
    except ImportError as error:
        report.problems.append(Problem("the pack", f"{error}; {INSTALL}"))
    if given.json:
        print(json.dumps(report.plain(), indent=2))
    else:
        print(*report.problems, report.summary, sep="\n")
    return 0 if report.passed else 1


def _run(report: Report) -> None:
    import grpc
    import yaml
    from fixtures import rules_with_fixtures
    from protocol import NotStarted, running

    about = yaml.safe_load((HERE / "PulumiPolicy.yaml").read_text())
    report.pack, report.version = about["name"], about["version"]
    try:
        with running(HERE) as analyzer:
            # What has examples and is no policy of the running pack has been lost on the way.
            names = sorted(analyzer.policies.keys() | rules_with_fixtures())
            report.policies = len(names)
            for number, name in enumerate(names, start=1):
                _progress(number, len(names), name)
                report.problems += _wrong(analyzer, name, report)
    except NotStarted as error:
        report.problems.append(Problem("the pack", f"does not start: {error}"))
    except grpc.RpcError as error:
        report.problems.append(Problem("the pack", f"gives no answer: {error.details()}"))


def _progress(number: int, total: int, name: str) -> None:
    """On a terminal a line that lives; elsewhere one at the start."""
    if sys.stderr.isatty():
        end = "\n" if number == total else ""
        print(f"\r\x1b[K[{number}/{total}] {name}", end=end, file=sys.stderr, flush=True)
    elif number == 1:
        print(f"asking {total} policies", file=sys.stderr, flush=True)


def _wrong(analyzer: Any, name: str, report: Report) -> Iterator[Problem]:
    import yaml
    from fixtures import KINDS, cases_of, fixture

    if name not in analyzer.policies:
        yield Problem(name, "is not in the running pack, and has examples")
        return
    for kind in KINDS:
        file = fixture(name, kind).name
        try:
            cases = cases_of(name, kind)
        except FileNotFoundError:
            cases = []
        except (yaml.YAMLError, TypeError):
            yield Problem(name, f"has {kind} examples that can't be read ({file})")
            continue
        if not cases:
            yield Problem(name, f"has no {kind} example ({file})")
        for case in cases:
            report.examples += 1
            yield from _misjudged(analyzer, case)


def _misjudged(analyzer: Any, case: Any) -> Iterator[Problem]:
    import grpc

    try:
        found = analyzer.diagnose(case)
    except grpc.RpcError as error:
        yield Problem(case.rule, f"breaks on a {case.kind} example ({error.details()})", case.title)
        return
    if case.kind == "good" and found:
        yield Problem(case.rule, "reports a good example", case.title)
    level = analyzer.policies[case.rule].enforcementLevel
    if case.kind == "bad" and not any(
        each.policyName == case.rule
        and each.enforcementLevel == level
        and case.says in each.message
        for each in found
    ):
        yield Problem(case.rule, "does not report a bad example", case.title)


if __name__ == "__main__":
    sys.exit(main())
