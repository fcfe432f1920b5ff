"""`ocpreg`: what its commands are called and take.

A command's work is imported when it runs: help and completion stay fast.
"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

PROBLEMS, USAGE, VIOLATIONS, CHANGES = 1, 2, 3, 4
"""Exit codes: something is wrong in what was looked at; it could not be looked at; a mandatory
policy is violated; there are changes where none were to be."""


StackNames = Annotated[
    list[str] | None,
    typer.Option(help="Only stacks whose name fits, e.g. 'prod-*'; may be given again."),
]
StacksDir = Annotated[Path, typer.Option(help="Where the stack files are.")]
Parallel = Annotated[
    int, typer.Option(help="How many at once. Default: the number of processors.", min=0)
]
PackConfigs = Annotated[
    list[str] | None,
    typer.Option(
        help="Its configuration, one for each pack. {stack} and {environment} in it are "
        "replaced by the stack's."
    ),
]
Timeout = Annotated[float, typer.Option(help="Seconds for each stack.", min=1)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Format(StrEnum):
    """How problems are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


class Service(StrEnum):
    """Where pull requests are."""

    GITHUB = "github"
    GITLAB = "gitlab"


app = typer.Typer(
    name="ocpreg",
    help="Work over the stack files of a fleet of OpenShift clusters.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _wrong(command: str, message: str, fix: str) -> typer.Exit:
    """To be raised: why the command can't do what it was asked."""
    typer.echo(f"ocpreg {command}: {message}\n    fix: {fix}", err=True)
    return typer.Exit(USAGE)


def _print(told: Any) -> None:
    """Text as it is, everything else as JSON."""
    if not isinstance(told, str):
        import json

        told = json.dumps(told, indent=2)
    print(told)


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
    format: Annotated[
        Format, typer.Option(help="What to print; github: annotations of a workflow's run.")
    ] = Format.TEXT,
    as_json: AsJson = False,
) -> None:
    """Check stack files offline and report every problem with its fix.

    Each file by itself; and that no two in its folder are for one cluster or use one bucket.

    Exit code 0: nothing wrong (there may be warnings); 1: problems; 2: nothing to check.
    """
    from fleet.check import NothingToCheck, check_files, find, to_github, to_json, to_screen

    if as_json and format is not Format.TEXT:
        raise _wrong("check", "--json is --format json, and another --format is given", "keep one")
    try:
        files = find(paths or [stacks_dir], stack)
    except NothingToCheck as error:
        typer.echo(f"ocpreg check: {error}", err=True)
        raise typer.Exit(USAGE) from None
    checked = check_files(files)
    if as_json or format is Format.JSON:
        print(to_json(checked))
    elif format is Format.GITHUB:
        to_github(checked)
    else:
        to_screen(checked)
    if any(each.errors for each in checked):
        raise typer.Exit(PROBLEMS)


@app.command()
def new(
    platform: Annotated[
        str | None, typer.Argument(help="What to start from. Without it: the list.")
    ] = None,
    name: Annotated[
        str | None, typer.Argument(help="Name of the cluster, and of its stack.")
    ] = None,
    stacks_dir: Annotated[Path, typer.Option(help="Where to write the file.")] = Path("stacks"),
    infrastructure_name: Annotated[
        str | None,
        typer.Option(
            help="What the cluster calls itself: oc get infrastructure cluster -o "
            "jsonpath='{.status.infrastructureName}'"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a stack file for a cluster on a platform, with comments; a right one as it stands.

    Exit code 0: it is written, or listed; 2: it is not.
    """
    from fleet.new import NotMade, about, examples, make

    if platform is None:
        listed = {each: about(path) for each, path in examples().items()}
        width = max(map(len, listed))
        lines = [f"{each:<{width}}  {what}" for each, what in listed.items()]
        told = [{"platform": each, "about": what} for each, what in listed.items()]
        return _print({"platforms": told} if as_json else "\n".join(lines))
    if name is None:
        raise _wrong("new", "the cluster has no name", f"ocpreg new {platform} NAME")
    try:
        file = make(platform, name, stacks_dir, infrastructure_name)
    except NotMade as error:
        raise _wrong("new", str(error), error.fix) from None
    done = {"file": str(file), "stack": name, "platform": platform}
    return _print(done if as_json else f"{file} is made: change what is yours, then ocpreg check")


@app.command()
def explain(
    path: Annotated[
        str, typer.Argument(help="A setting of a stack file, e.g. storage.claim.create.size.")
    ],
    as_json: AsJson = False,
) -> None:
    """Say what a setting means, its default, since when it exists, and the guide's section.

    Exit code 0: it is explained; 2: there is no such setting.
    """
    from fleet.explain import NoSetting, as_text, settings_at

    try:
        found = settings_at(path)
    except NoSetting as error:
        raise _wrong("explain", str(error), error.fix) from None
    _print({"settings": [each.plain() for each in found]} if as_json else as_text(found))


@app.command()
def stacks(
    stack: StackNames = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option("--except", help="No stack whose name fits; may be given again."),
    ] = None,
    stacks_dir: StacksDir = Path("stacks"),
    changed_since: Annotated[
        str | None,
        typer.Option(
            help="Only those that differ from this commit: their own files, or all of them if "
            "the program, its settings, policies or packages do."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the stacks that have files, or those of them that a change touches.

    Exit code 0: they are listed, and may be none; 2: it can't be told.
    """
    from fleet.preview.stacks import NoStacks
    from fleet.stacks import stacks as listed

    try:
        found = listed(stacks_dir, stack or (), leave_out or (), changed_since)
    except NoStacks as error:
        raise _wrong("stacks", str(error), error.fix) from None
    if found.why:
        typer.echo(f"all stacks are touched: {found.why} is changed", err=True)
    for each in found.gone:
        typer.echo(f"{each}: its file is deleted; what the stack has made stays", err=True)
    if as_json:
        _print(found.plain())
    else:
        for each in found.stacks:
            typer.echo(each.stack)


@app.command()
def preview(
    stack: StackNames = None,
    stacks_dir: StacksDir = Path("stacks"),
    parallel: Parallel = 0,
    out: Annotated[
        Path | None,
        typer.Option(help="Keep events, texts and a summary here, e.g. for ocpreg comment."),
    ] = None,
    policy_pack: Annotated[
        list[str] | None, typer.Option(help="Folder of a policy pack; may be given again.")
    ] = None,
    policy_pack_config: PackConfigs = None,
    refresh: Annotated[bool, typer.Option(help="Read the live resources first.")] = False,
    diff: Annotated[bool, typer.Option(help="Print what the engine says of each.")] = False,
    expect_no_changes: Annotated[
        bool, typer.Option(help="Exit with 4 if anything would change.")
    ] = False,
    timeout: Timeout = 900,
    as_json: AsJson = False,
) -> None:
    """Preview many stacks at once, each as `pulumi preview` does, and change nothing.

    Policy packs of PULUMI_OPTION_POLICY_PACK count too.

    Exit code 0: all went well, with changes or without; 1: at least one preview failed; 2: there
    was nothing to preview; 3: none failed, and a mandatory policy is violated; 4: there are
    changes, and --expect-no-changes.
    """
    import os

    from fleet.preview.job import PREVIEW, PREVIEW_REFRESHED
    from fleet.preview.keep import summary
    from fleet.preview.outcome import Result, worst
    from fleet.preview.run import run
    from fleet.preview.screen import table
    from fleet.preview.stacks import NoStacks, jobs

    many = parallel or os.cpu_count() or 1
    try:
        command = PREVIEW_REFRESHED if refresh else PREVIEW
        chosen = jobs(stacks_dir, stack or (), policy_pack or (), policy_pack_config or (), command)
        outcomes = run(chosen, many, timeout, out, diff and not as_json)
    except NoStacks as error:
        raise _wrong("preview", str(error), error.fix) from None
    if as_json:
        print(summary(outcomes))
    else:
        table(outcomes)
    codes = {Result.FAILED: PROBLEMS, Result.VIOLATIONS: VIOLATIONS}
    if expect_no_changes:
        codes[Result.CHANGES] = CHANGES
    raise typer.Exit(codes.get(worst(outcomes), 0))


@app.command()
def drift(
    stack: StackNames = None,
    stacks_dir: StacksDir = Path("stacks"),
    parallel: Parallel = 0,
    policy_pack: Annotated[
        list[str] | None,
        typer.Option(help="Folder of a policy pack that judges the state; may be given again."),
    ] = None,
    policy_pack_config: PackConfigs = None,
    timeout: Timeout = 900,
    out: Annotated[
        Path | None, typer.Option(help="Keep here, as a file, what --json prints.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look what has changed on the clusters and in the clouds since each stack was applied.

    Nothing is changed, not even the states. Meant for the night.

    Exit code 0: no drift; 1: at least one stack could not be looked at; 2: there was nothing to
    look at; 3: a mandatory policy is violated by what a state has; 4: there is drift.
    """
    import os

    from fleet.drift import looked_at, table, to_json
    from fleet.preview.job import DRIFT
    from fleet.preview.outcome import Result, worst
    from fleet.preview.stacks import NoStacks, jobs

    many = parallel or os.cpu_count() or 1
    try:
        chosen = jobs(stacks_dir, stack or (), policy_pack or (), policy_pack_config or (), DRIFT)
    except NoStacks as error:
        raise _wrong("drift", str(error), error.fix) from None
    found = looked_at(chosen, many, timeout)
    text = to_json(found)
    print(text if as_json else table(found))
    if out:
        try:
            out.write_text(f"{text}\n")
        except OSError as error:
            message = f"{out} can't be written: {error.strerror}"
            raise _wrong("drift", message, "see to it; all that was found is above") from None
    codes = {Result.FAILED: PROBLEMS, Result.VIOLATIONS: VIOLATIONS, Result.CHANGES: CHANGES}
    raise typer.Exit(codes.get(worst([each.outcome for each in found]), 0))


@app.command()
def comment(
    folder: Annotated[Path, typer.Argument(help="What ocpreg preview --out has filled.")],
    post: Annotated[
        Service | None,
        typer.Option(
            help="Write it to the pull request. GITHUB_TOKEN or GITLAB_TOKEN, and what their "
            "pipelines set, say which; without it no token is needed."
        ),
    ] = None,
    number: Annotated[
        int | None, typer.Option(help="Of the pull request, if it is not the pipeline's.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write it to a file. Default, if not posted: print it.")
    ] = None,
    step_summary: Annotated[
        bool, typer.Option(help="Add it to the summary of the step (GITHUB_STEP_SUMMARY).")
    ] = False,
    commit: Annotated[
        str, typer.Option(help="What was previewed.", envvar=["OCPREG_COMMIT", "CI_COMMIT_SHA"])
    ] = "",
    time: Annotated[
        str,
        typer.Option(help="When.", envvar=["OCPREG_TIME", "CI_JOB_STARTED_AT"]),
    ] = "",
    url: Annotated[
        str,
        typer.Option(help="Of the run, with its artifact.", envvar=["OCPREG_URL", "CI_JOB_URL"]),
    ] = "",
    identity: Annotated[
        str, typer.Option("--id", help="Tells this comment from others of the pull request.")
    ] = "default",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was done as JSON; the text is in it.")
    ] = False,
) -> None:
    """Render what previews have left as one comment, and write it to the pull request.

    Its own comment is edited in place. The text holds no secret, and depends on nothing but the
    folder and the options.

    Exit code 0: rendered, and posted if that was asked; 1: not posted; 2: usage.
    """
    from fleet.comment.command import NoUse, Where, comment_on, said
    from fleet.comment.render import About

    where = Where(post, number, output, step_summary)
    try:
        done = comment_on(folder, where, About(identity, commit, time, url))
    except NoUse as error:
        raise _wrong("comment", str(error), error.fix) from None
    told = said(done, where)
    if as_json or told:
        _print(done.plain() if as_json else told)
    if done.error:
        typer.echo(f"ocpreg comment: {done.error}\n    fix: {done.fix}", err=True)
        raise typer.Exit(PROBLEMS)


@app.command()
def smoke(
    registry: Annotated[
        str | None,
        typer.Argument(
            help="Host name or URL of the registry, e.g. of its route. Default: what the cluster "
            "of the kubeconfig says."
        ),
    ] = None,
    namespace: Annotated[
        str, typer.Option(help="The project to push to; it has to exist.")
    ] = "default",
    repository: Annotated[str, typer.Option(help="The image's name in it.")] = "ocpreg-smoke",
    size: Annotated[int, typer.Option(help="MiB of the larger layer.", min=1, max=4096)] = 12,
    connect: Annotated[
        str | None,
        typer.Option(
            envvar="OCPREG_CONNECT",
            help="host:port that leads to the registry's service, e.g. of oc port-forward. The "
            "certificate still has to be that of the registry's name.",
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            help="A file with the token to log in with. Default: the variable OCPREG_TOKEN, or "
            "the kubeconfig's token if the registry is that cluster's."
        ),
    ] = None,
    ca: Annotated[
        Path | None,
        typer.Option(
            help="CA certificates (PEM) to trust besides the system's. Default: those that the "
            "cluster of the kubeconfig publishes."
        ),
    ] = None,
    insecure: Annotated[bool, typer.Option(help="Look at no certificate.")] = False,
    keep: Annotated[bool, typer.Option(help="Leave the image in the registry.")] = False,
    as_json: AsJson = False,
) -> None:
    """Push an image to a registry in chunks, pull it, compare; leave an unfinished upload.

    Exit code 0: the registry works; 1: it does not; 2: it could not be asked.
    """
    from fleet.failure import NotAsked
    from fleet.place import given_token, of_cluster
    from fleet.registry import Place, read_ca
    from fleet.smoke import MIB, on_screen, repository_name, run, summary, to_json

    try:
        name = repository_name(namespace, repository)
        token, trusted = given_token(token_file), read_ca(ca) if ca else ""
        if registry is None:
            place = of_cluster(connect, insecure, trusted, token)
        else:
            url = registry if "://" in registry else f"https://{registry}"
            place = Place(url, connect, trusted, insecure, token)
        report = on_screen(lambda tell: run(place, name, size * MIB, keep, tell), quiet=as_json)
    except NotAsked as error:
        raise _wrong("smoke", str(error), error.fix) from None
    print(to_json(report) if as_json else summary(report))
    if not report.passed:
        raise typer.Exit(PROBLEMS)


@app.command()
def verify(
    stack: Annotated[
        str | None,
        typer.Argument(
            help="The stack whose cluster is meant: that it is this one, and has the "
            "managementState that the file says, is looked at too."
        ),
    ] = None,
    stacks_dir: StacksDir = Path("stacks"),
    wait: Annotated[
        float, typer.Option(help="Seconds to wait for what may still come by itself.", min=0)
    ] = 600,
    as_json: AsJson = False,
) -> None:
    """Look whether the registry of the kubeconfig's cluster is well, and say in words what is not.

    Exit code 0: it is; 1: something is wrong; 2: it could not be looked at; 3: it was not ready
    in time.
    """
    from fleet.failure import NotAsked
    from fleet.verify import on_screen, run, summary, to_json

    file = stacks_dir / f"Pulumi.{stack}.yaml" if stack else None
    try:
        report = on_screen(lambda tell: run(file, wait, tell))
    except NotAsked as error:
        raise _wrong("verify", str(error), error.fix) from None
    print(to_json(report) if as_json else summary(report))
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def main() -> None:
    """Entry point of `ocpreg`."""
    # A name in a stack file may hold what the terminal's encoding has no character for.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    app()


if __name__ == "__main__":
    main()
