"""`ocpreg drift`: what is otherwise than the states of stacks have it, and what policies say of
these states."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fleet.preview.events import Step, read
from fleet.preview.job import Job
from fleet.preview.outcome import Outcome, Result, counted, outcome
from fleet.preview.pool import previews, warm
from fleet.preview.screen import last, progress

WORDS = {
    Result.SAME: "no drift",
    Result.CHANGES: "drift",
    Result.VIOLATIONS: "violates policies",
    Result.FAILED: "failed",
}
GONE = "is gone"
MEND = "pulumi up --refresh --run-program"


@dataclass(frozen=True)
class Looked:
    """One stack's."""

    outcome: Outcome
    found: tuple[Step, ...]

    def plain(self) -> dict[str, Any]:
        """As in JSON."""
        drift = [
            {
                "urn": each.urn,
                "type": each.type,
                "gone": each.op == "delete",
                # Of what is gone, each path would be one.
                "differences": [asdict(one) for one in each.differences if each.op != "delete"],
            }
            for each in self.found
        ]
        return {**self.outcome.plain(), "drift": drift}


def looked_at(jobs: Sequence[Job], parallel: int, timeout: float) -> list[Looked]:
    """In the order of `jobs`, whatever ended first."""
    warm(jobs[0].project)
    found: dict[str, Looked] = {}
    with progress(len(jobs), "looked at") as shown:
        for job, ran in previews(jobs, parallel, timeout, shown.watch):
            one = Looked(outcome(job, ran, timeout), tuple(read(ran.events).found))
            found[job.stack] = one
            shown.ended(one.outcome, _said(one))
    return [found[each.stack] for each in jobs]


def to_json(found: Sequence[Looked]) -> str:
    """`stacks`, each with `result` (same, changes, violations, failed), `drift`, `violations`,
    `errors`; and how many came to which result."""
    results = counted(each.outcome for each in found)
    document = {"stacks": [each.plain() for each in found], "results": results}
    return json.dumps(document, indent=2, ensure_ascii=False)


def table(found: Sequence[Looked]) -> str:
    """One row for each stack; below it what is otherwise, path by path, and what is wrong."""
    rows = [("stack", "result"), *((each.outcome.stack, _said(each)) for each in found)]
    width = max(len(each) for each, _ in rows)
    lines = [f"{stack:<{width}}  {said}".rstrip() for stack, said in rows]
    for each in found:
        lines += _below(each)
    return "\n".join([*lines, "", last([each.outcome for each in found], "looked at", WORDS)])


def _said(one: Looked) -> str:
    if one.found and one.outcome.result in (Result.CHANGES, Result.VIOLATIONS):
        many = f"{len(one.found)} resource{'' if len(one.found) == 1 else 's'}"
        return f"{WORDS[one.outcome.result]}, {many} changed behind its back"
    return WORDS[one.outcome.result]


def _below(one: Looked) -> list[str]:
    stack, lines = one.outcome.stack, [""]
    for step in one.found:
        kind = step.type.rpartition(":")[2]
        lines.append(f"{stack}: {kind} {step.name}" + (f" {GONE}" if step.op == "delete" else ""))
        if step.op != "delete":
            lines += [f"    {each.path}: {each.old} -> {each.new}" for each in step.differences]
    if one.found:
        lines.append(f"    fix: put it right with `{MEND}`, or write it into the stack file")
    lines += [f"{stack}: error: {each}" for each in one.outcome.errors]
    lines += [
        f"{stack}: {each.counts_as}: {each.policy}: {each.message}"
        for each in one.outcome.violations
    ]
    return lines if len(lines) > 1 else []
