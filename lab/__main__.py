"""`python -m lab`: what the Makefile calls."""

import shlex
import sys
from typing import Annotated

import typer

from lab import build
from lab.engine import Engine
from lab.errors import LabError
from lab.lab import Lab, all_labs, say
from lab.parts import on_demand

INTERRUPTED = 130
"""The exit code that typer makes of Ctrl-C."""

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Stack = Annotated[str, typer.Option(help="A stack of stacks/ whose name starts with lab-.")]
OpenShift = Annotated[str, typer.Option(help="Whose CRDs: 4.15 or current.")]


@app.command("build")
def build_() -> None:
    """Build the toolchain, or say nothing if it is built."""
    from lab.azurite import azurite
    from lab.clouds.openstack.install import install as keystone_and_swift

    build.toolchain(say, on_demand())
    azurite(say)
    keystone_and_swift(say)


@app.command()
def start(stack: Stack, openshift: OpenShift = "4.15") -> None:
    """Start the lab of a stack and leave it running."""
    Lab(stack).start(say, openshift)
    say(f'kubectl, pulumi and ocpreg on it: eval "$(make -s env STACK={stack})"')


@app.command()
def stop(stack: Annotated[str | None, typer.Option(help="Only this one.")] = None) -> None:
    """Stop labs and throw their clusters and states away."""
    for lab in all_labs() if stack is None else [Lab(stack)]:
        if lab.stop():
            say(f"Lab of {lab.stack}: stopped, its cluster and state are gone")
        else:
            say(f"Lab of {lab.stack}: there is none")


@app.command()
def env(stack: Stack, openshift: OpenShift = "4.15") -> None:
    """Print shell lines for `eval`."""
    engine = _engine(stack, openshift)
    for name, value in engine.environment.items():
        print(f"export {name}={shlex.quote(value)}")


@app.command()
def up(stack: Stack, openshift: OpenShift = "4.15") -> None:
    """Start the lab and apply the stack with the policy pack."""
    engine = _engine(stack, openshift)
    if engine.run("up", "--yes", "--stack", stack) != 0:
        # What stands for the cluster has stopped: no stack file mends that.
        lost = engine.lab.losses()
        mend = "Run" if lost else "Mend the stack file and run"
        raise LabError(
            f"pulumi up of {stack} failed; what it says is above. Nothing that holds images was "
            f"deleted. {mend} the same command again." + "".join(f"\n{each}" for each in lost)
        )
    from lab.summary import summary

    if not summary(engine):
        raise LabError("the operator is not content with what was applied; its words are above")


@app.command()
def preview(stack: Stack, openshift: OpenShift = "4.15") -> None:
    """Show what `up` would change."""
    engine = _engine(stack, openshift)
    sys.exit(engine.run("preview", "--stack", stack))


@app.command()
def down(stack: Stack) -> None:
    """Give the stack up: everything that holds images, and the custom resource, stay."""
    lab = Lab(stack)
    if not lab.running():
        say(f"Lab of {stack}: not running, nothing to give up")
        return
    engine = Engine(lab)
    engine.prepare(say)
    sys.exit(engine.run("destroy", "--exclude-protected", "--yes", "--stack", stack))


def _engine(stack: str, openshift: str) -> Engine:
    lab = Lab(stack)
    lab.start(say, openshift)
    engine = Engine(lab)
    engine.prepare(say)
    return engine


def main() -> None:
    try:
        app()
    except (LabError, build.BuildError, RuntimeError) as error:
        print(f"\nerror: {error}", file=sys.stderr)
        sys.exit(1)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            print("\nstopped; run the same command again, it carries on", file=sys.stderr)
        raise


if __name__ == "__main__":
    main()
