"""The parts of the comment, each as blocks in order of weight."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from fleet.comment.danger import SWITCH, Danger, dangers
from fleet.comment.load import CHANGES, FAILED, SAME, VIOLATIONS, Cluster
from fleet.comment.markdown import code, details, fence, html, row, text
from fleet.preview.events import NOTHING, Difference, Step, Violation

WORDS = {
    FAILED: "❌ failed",
    VIOLATIONS: "⛔ stopped by policy",
    CHANGES: "🔷 changes",
    SAME: "✅ no changes",
}
DANGEROUS = "⚠️ changes, with danger"
SEVERITIES = ("critical", "high", "medium", "low", "unspecified")
LATER = "can't run policy"
"""What the SDK says of a policy that needs a value nobody knows yet."""
UNTIL = re.compile(r"\s*\(until (\d{4}-\d{2}-\d{2})\)$")
"""As policies/render.py writes an exception's last day."""
LINES = 60
"""Of one resource, error or takeover."""


def ordered(clusters: Sequence[Cluster]) -> list[Cluster]:
    """What needs a look first."""
    weight = {FAILED: 0, VIOLATIONS: 1, CHANGES: 3, SAME: 4}

    def key(cluster: Cluster) -> tuple[int, str]:
        found = weight.get(cluster.result, 0)
        return (2 if found == 3 and dangers(cluster) else found, cluster.stack)

    return sorted(clusters, key=key)


def verdict(cluster: Cluster) -> str:
    """A row of the table."""
    word = WORDS.get(cluster.result, cluster.result)
    if cluster.result == CHANGES and dangers(cluster):
        word = DANGEROUS
    cells = (code(cluster.stack), text(cluster.environment), word, _counts(cluster))
    return row((*cells, _policies(cluster)))


def _counts(cluster: Cluster) -> str:
    changes = cluster.told.changes
    signs = {"create": "+{}", "update": "~{}", "replace": "±{}", "delete": "-{}"}
    named = [
        signs.get(op, f"{{}} {text(op)}").format(count)
        for op, count in sorted(changes.items(), key=lambda each: [*signs, each[0]].index(each[0]))
        if op not in NOTHING
    ]
    return " ".join(named)


def _policies(cluster: Cluster) -> str:
    found = [each for each in cluster.told.violations if LATER not in each.message]
    counts = {
        "mandatory": sum(each.stops for each in found),
        "advisory": sum(not each.stops and not each.exceptions for each in found),
        "waived": sum(bool(each.exceptions) for each in found),
    }
    return ", ".join(f"{count} {level}" for level, count in counts.items() if count)


def danger(clusters: Sequence[Cluster]) -> Iterator[str]:
    for cluster in clusters:
        for violation in cluster.told.violations:
            if violation.stops:
                name = f"{code(violation.policy)} on {code(violation.resource)}"
                yield f"- {code(cluster.stack)}: **mandatory policy violated**: {name}"
        for each in dangers(cluster):
            yield _danger(cluster, each)


def _danger(cluster: Cluster, each: Danger) -> str:
    rest = f", {text(each.rest)}" if each.rest else ""
    line = f"- {code(cluster.stack)}: **{each.what}**: {code(each.subject)}{rest}"
    if not each.lines:
        return line
    block = fence(_first(each.lines))
    return line + "\n" + "\n".join(f"  {inner}" for inner in block.splitlines())


def failures(clusters: Sequence[Cluster]) -> Iterator[str]:
    for cluster in clusters:
        if cluster.result == FAILED:
            said = cluster.errors or ("the preview did not come to its end",)
            lines = [line for each in said for line in each.splitlines()]
            yield f"{code(cluster.stack)}\n\n{fence(_first(lines))}"


def policies(clusters: Sequence[Cluster]) -> Iterator[str]:
    """One block for each policy, with all that it was violated by."""
    found: dict[tuple[int, str], list[tuple[Cluster, Violation]]] = defaultdict(list)
    for cluster in clusters:
        for each in cluster.told.violations:
            if LATER not in each.message:
                known = each.severity if each.severity in SEVERITIES else SEVERITIES[-1]
                found[SEVERITIES.index(known), each.policy].append((cluster, each))
    for (severity, policy), violated in sorted(found.items(), key=lambda each: each[0]):
        title, remedy = _explained(violated[0][1])
        lines = [f"- **{SEVERITIES[severity]}** {code(policy)}: {title}"]
        lines += [f"  - {_violated(cluster, each)}" for cluster, each in violated[:LINES]]
        if len(violated) > LINES:
            lines.append(f"  - **{len(violated) - LINES} more** in the artifact")
        if remedy:
            lines.append(f"  - Fix: {remedy}")
        yield "\n".join(lines)


def _explained(violation: Violation) -> tuple[str, str]:
    """The policy's title, which the engine puts first, and its remedy."""
    lines = violation.message.splitlines()
    fixes = [line.removeprefix("Fix: ") for line in lines if line.startswith("Fix: ")]
    return text(lines[0] if lines else ""), text(fixes[0]) if fixes else ""


def _violated(cluster: Cluster, violation: Violation) -> str:
    lines = [
        line
        for line in violation.message.splitlines()[1:]
        if not line.startswith(("Fix: ", "Why: "))
    ]
    said = f": {text(' '.join(lines))}" if lines else ""
    head = f"{code(cluster.stack)} {code(violation.resource)} ({violation.level}){said}"
    if not violation.exceptions:
        return head
    waived = (_waived(id, reason) for id, reason in violation.exceptions)
    return "; ".join([head.removesuffix("."), *waived])


def _waived(id: str, reason: str) -> str:
    ends = UNTIL.search(reason)
    last = f" until **{ends[1]}**" if ends else ""
    return f"waived by {code(id)}{last}: {text(UNTIL.sub('', reason))}"


def later(clusters: Sequence[Cluster]) -> int:
    """How many policies wait for what only `pulumi up` knows."""
    return sum(LATER in each.message for one in clusters for each in one.told.violations)


def diffs(clusters: Sequence[Cluster]) -> Iterator[str]:
    """One collapsed block for each cluster that changes."""
    for cluster in clusters:
        steps = [each for each in _once(cluster.told.steps) if each.op not in NOTHING]
        warnings = [
            said
            for severity, said in cluster.told.diagnostics
            if severity == "warning" and not said.startswith(SWITCH)  # which is said as danger
        ]
        if not steps and not warnings:
            continue
        lines = [line for step in steps for line in _step(step)]
        body = [fence(lines, "diff")] if steps else []
        body += [fence(_first(each.splitlines())) for each in warnings]
        counts = [_number(len(steps), "resource")] if steps else []
        counts += [_number(len(warnings), "warning")] if warnings else []
        head = f"<code>{html(cluster.stack)}</code>: {', '.join(counts)}"
        yield details(head, "\n\n".join(body))


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _once(steps: Sequence[Step]) -> list[Step]:
    """A replacement is three steps of the engine's, of which the first says all."""
    replaced = {each.urn for each in steps if each.op in ("replace", "create-replacement")}
    kept: dict[str, Step] = {}
    for each in steps:
        if each.urn in replaced and each.urn in kept and not each.differences:
            continue
        kept[each.urn] = each
    return [*kept.values()]


def _step(step: Step) -> Iterator[str]:
    signs = {"create": "+", "update": "!", "delete": "-"}
    yield f"{signs.get(step.op, '!')} {step.op} {step.type} {step.name}"
    rows = [line for each in step.differences for line in _difference(each)]
    yield from _first(rows)


def _difference(each: Difference) -> Iterator[str]:
    forced = "  (replaces it)" if each.replaces else ""
    if each.old is not None:
        yield f"-   {each.path}: {each.old}{forced}"
    if each.new is not None:
        yield f"+   {each.path}: {each.new}{forced}"
    if each.old is None and each.new is None:
        yield f"!   {each.path}{forced}"


def _first(lines: Sequence[str]) -> list[str]:
    if len(lines) <= LINES:
        return [*lines]
    return [*lines[:LINES], f"... {len(lines) - LINES} more lines in the artifact"]
