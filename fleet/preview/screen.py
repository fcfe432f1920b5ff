"""Progress while previews run, and the table at the end."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from fleet.preview.outcome import Outcome, Result, counted
from fleet.preview.pool import Running

STYLES = {
    Result.SAME: "dim",
    Result.CHANGES: "yellow",
    Result.VIOLATIONS: "bold magenta",
    Result.FAILED: "bold red",
}
WORDS = {
    Result.SAME: "no changes",
    Result.CHANGES: "changes",
    Result.VIOLATIONS: "violates policies",
    Result.FAILED: "failed",
}


class Progress:
    """On a terminal a line that lives; elsewhere one line for each stack as it ends."""

    def __init__(self, total: int, verb: str, live: Any = None) -> None:
        self.total, self.done, self.verb, self.live = total, 0, verb, live

    def watch(self, running: list[Running]) -> None:
        if self.live is not None:
            now = ", ".join(f"{each.job.stack} {each.seconds:.0f} s" for each in running[:6])
            more = f" and {len(running) - 6} more" if len(running) > 6 else ""
            self.live.update(f"{self.done} of {self.total} {self.verb}; {now}{more}", refresh=True)

    def ended(self, outcome: Outcome, said: str) -> None:
        """`said`: what it has come to."""
        self.done += 1
        text = f"[{self.done}/{self.total}] {outcome.stack}: {said} ({outcome.seconds:.1f} s)"
        if self.live is not None:
            from rich.text import Text

            self.live.console.print(Text(text, STYLES[outcome.result]), soft_wrap=True)
        else:
            print(text, file=sys.stderr, flush=True)


@contextmanager
def progress(total: int, verb: str) -> Iterator[Progress]:
    if not sys.stderr.isatty():
        yield Progress(total, verb)
        return
    from rich.console import Console
    from rich.live import Live

    # No thread of its own: this process forks.
    with Live(
        console=Console(stderr=True, highlight=False), auto_refresh=False, transient=True
    ) as live:
        yield Progress(total, verb, live)


def said(outcome: Outcome) -> str:
    counts = f", {outcome.counts}" if outcome.counts else ""
    return f"{WORDS[outcome.result]}{counts}"


def table(outcomes: Sequence[Outcome]) -> None:
    """One row for each stack; below it what is wrong, in full."""
    rows = [
        (each.stack, WORDS[each.result], each.counts, _policies(each), f"{each.seconds:.1f} s")
        for each in outcomes
    ]
    head = ("stack", "result", "changes", "policies", "time")
    if sys.stdout.isatty():
        _rich_table(head, rows, outcomes)
    else:
        widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
        for row in (head, *rows):
            print("  ".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)).rstrip())
    for each in outcomes:
        for text in each.errors:
            print(f"\n{each.stack}: error: {text}")
        for violation in each.violations:
            print(f"\n{each.stack}: {violation.counts_as}: {violation.policy}: {violation.message}")
    print(f"\n{last(outcomes, 'previewed', WORDS)}")


def _rich_table(head: Sequence[str], rows: Sequence[Sequence[str]], outcomes: Any) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for name in head:
        drawn.add_column(name, overflow="fold")
    for row, each in zip(rows, outcomes, strict=True):
        drawn.add_row(*(Text(cell, STYLES[each.result]) for cell in row))
    Console(highlight=False).print(drawn)


def _policies(outcome: Outcome) -> str:
    counts = {"mandatory": 0, "advisory": 0, "waived": 0}
    for each in outcome.violations:
        counts[each.counts_as] = counts.get(each.counts_as, 0) + 1
    return ", ".join(f"{count} {level}" for level, count in counts.items() if count)


def last(outcomes: Sequence[Outcome], done: str, words: Mapping[Result, str]) -> str:
    """How many stacks came to what."""
    listed = ", ".join(f"{n} {words[result]}" for result, n in counted(outcomes).items() if n)
    return f"{len(outcomes)} stack{'' if len(outcomes) == 1 else 's'} {done}: {listed}"
