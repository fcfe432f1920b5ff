"""`ocpreg`: what its commands are called and take.

A command's work is imported when it runs: help and completion stay fast.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

PROBLEMS, USAGE = 1, 2
"""Exit codes: something is wrong in what was looked at; it could not be looked at."""

app = typer.Typer(
    name="ocpreg",
    help="Work over the stack files of a fleet of OpenShift clusters.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _commands() -> None:
    """Keeps `ocpreg check` a command of its own while it is the only one."""


@app.command()
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Stack files, or folders of them. Default: the --stacks-dir."),
    ] = None,
    stacks_dir: Annotated[
        Path, typer.Option(help="Where the stack files are when no path is given.")
    ] = Path("stacks"),
    stack: Annotated[
        str | None, typer.Option(help="Only stacks whose name fits, e.g. 'prod-*'.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check stack files offline and report every problem with its fix.

    Exit code 0: nothing wrong (there may be warnings); 1: problems; 2: nothing to check.
    """
    from fleet.check import NothingToCheck, check_files, find, to_json, to_screen

    try:
        files = find(paths or [stacks_dir], stack)
    except NothingToCheck as error:
        typer.echo(f"ocpreg check: {error}", err=True)
        raise typer.Exit(USAGE) from None
    checked = check_files(files)
    if as_json:
        print(to_json(checked))
    else:
        to_screen(checked)
    if any(each.errors for each in checked):
        raise typer.Exit(PROBLEMS)


def main() -> None:
    """Entry point of `ocpreg`."""
    # A name in a stack file may hold what the terminal's encoding has no character for.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    app()


if __name__ == "__main__":
    main()
