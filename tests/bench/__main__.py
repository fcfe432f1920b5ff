"""`make bench`: each figure a ratio of two things measured in turn, in one run.

The goals are printed beside the figures and asserted nowhere: a busy machine proves nothing.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from lab.engine import Engine
from lab.lab import Lab
from lab.paths import ROOT, cache
from tests.lab.aws import reset_aws
from tests.lab.project import Project, reset

HERE = Path(__file__).parent
ROUNDS = 7
FLEET = 50
"""Stacks that are previewed together."""


@dataclass(frozen=True)
class Command:
    """Something to time. `before` runs untimed in front of each round."""

    arguments: Sequence[str]
    cwd: Path
    environment: dict[str, str]
    before: Callable[[], None] = lambda: None

    def run(self) -> float:
        self.before()
        began = time.perf_counter()
        done = subprocess.run(
            [*self.arguments],
            cwd=self.cwd,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        spent = time.perf_counter() - began
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, self.arguments))} failed:\n{done.stdout}{done.stderr}")
        return spent


def compare(title: str, goal: str, ours: Command, theirs: Command, rounds: int = ROUNDS) -> None:
    """Run both in turn; print the median of the ratios, and of the seconds."""
    for each in (ours, theirs):
        each.run()  # warms caches; not counted
    pairs = [(ours.run(), theirs.run()) for _ in range(rounds)]
    ratios = sorted(a / b for a, b in pairs)
    first, second = (statistics.median(each) for each in zip(*pairs, strict=True))
    print(
        f"{title:<58} {statistics.median(ratios):5.2f}x  ({ratios[0]:.2f}-{ratios[-1]:.2f})"
        f"  {first:6.2f} s / {second:6.2f} s   goal {goal}",
        flush=True,
    )


def main() -> None:
    """All of it, or with the names of stacks as arguments what is measured on their labs."""
    print("ratio = the first over the second, median of rounds (lowest-highest)\n")
    benches = {"lab-cinder": cinder, "lab-aws": aws, "lab-emptydir": fleet}
    for stack in sys.argv[1:] or benches:
        with tempfile.TemporaryDirectory(prefix="ocpreg-bench-") as scratch:
            lab = Lab(stack, Path(scratch) / "lab")
            lab.start(progress)
            try:
                benches[stack](Path(scratch), lab)
            finally:
                lab.stop()


def aws(scratch: Path, lab: Lab) -> None:
    """The hand-written program looks up nothing in AWS: ours does, to find what a dead run left.

    A bucket is made once, so each is applied to an empty account.
    """
    bare = without_pack(Engine(lab).environment)
    theirs = handwritten(scratch, lab, bare)
    reset_aws(lab)
    project = Project(scratch / "project", lab)
    project.up().ok()
    preview = ["pulumi", "--non-interactive", "preview", "--stack", lab.stack]
    compare(
        "lab-aws: no-op preview / a hand-written program's",
        "<= 1.10x",
        Command(preview, project.directory, bare),
        theirs,
    )


def fleet(scratch: Path, lab: Lab) -> None:
    """`ocpreg preview` of 50 stacks, policy pack and all, against a loop over them."""
    project = Project(scratch / "project", lab)
    stacks = [f"lab-{number:02}" for number in range(FLEET)]
    for stack in stacks:
        (project.directory / "stacks" / f"Pulumi.{stack}.yaml").write_bytes(
            (ROOT / "stacks" / f"Pulumi.{lab.stack}.yaml").read_bytes()
        )
        project.engine.ask("stack", "init", stack, "--no-select")
    project.file.unlink()
    environment = project.engine.environment
    each = "pulumi --non-interactive preview --diff --stack"
    loop = ["bash", "-c", f"for stack in {' '.join(stacks)}; do {each} $stack || exit 1; done"]
    compare(
        f"ocpreg preview of {FLEET} stacks / a loop of pulumi preview",
        "<= 0.33x",
        Command(["ocpreg", "preview"], project.directory, environment),
        Command(loop, project.directory, environment),
        rounds=1,
    )


def without_pack(environment: dict[str, str]) -> dict[str, str]:
    return {k: v for k, v in environment.items() if not k.startswith("PULUMI_OPTION_POLICY")}


def cinder(scratch: Path, lab: Lab) -> None:
    help_pages()
    check(scratch)
    project = Project(scratch / "project", lab)
    with_pack = project.engine.environment
    bare = without_pack(with_pack)
    preview = ["pulumi", "--non-interactive", "preview", "--stack", lab.stack]
    up = ["pulumi", "--non-interactive", "up", "--yes", "--skip-preview", "--stack", lab.stack]

    ran = project.up()
    assert ran.code == 0, ran
    ours = Command(preview, project.directory, bare)
    compare(
        "no-op preview / a hand-written program's",
        "<= 1.10x",
        ours,
        handwritten(scratch, lab, bare),
    )
    compare(
        "no-op preview with the pack / without",
        "<= 1.15x",
        Command(preview, project.directory, with_pack),
        ours,
    )
    ansible = playbook(lab)
    compare(
        "no-op up / Ansible playbook, no-op",
        "<= 0.33x",
        Command(up, project.directory, bare),
        Command(ansible, HERE, with_pack),
        rounds=3,
    )

    def fresh() -> None:
        reset(lab)
        project.engine.prepare(progress)

    compare(
        "first up / Ansible playbook, first run",
        "<= 0.33x",
        Command(up, project.directory, bare, before=fresh),
        Command(ansible, HERE, with_pack, before=fresh),
        rounds=3,
    )


def check(scratch: Path) -> None:
    """`ocpreg check` of 1,000 stack files against a C loader that only parses them."""
    stacks = scratch / "stacks"
    stacks.mkdir()
    original = yaml.safe_load((ROOT / "stacks" / "Pulumi.lab-cinder.yaml").read_text())
    for number in range(1000):
        cluster = original["config"]["openshift-registry:cluster"]
        cluster["name"] = f"cluster-{number}"
        cluster["infrastructureName"] = f"cluster-{number}-x7k2p"
        (stacks / f"Pulumi.cluster-{number}.yaml").write_text(yaml.safe_dump(original))
    parse = (
        "import pathlib, yaml\n"
        f"for path in pathlib.Path({str(stacks)!r}).glob('Pulumi.*.yaml'):\n"
        "    yaml.load(path.read_bytes(), yaml.CSafeLoader)\n"
    )
    environment = {"PATH": f"{ROOT / '.venv' / 'bin'}:/usr/bin:/bin", "LANG": "C.UTF-8"}
    compare(
        "ocpreg check of 1,000 stack files / only parsing them",
        "<= 3x",
        Command(["ocpreg", "check", "--stacks-dir", str(stacks)], ROOT, environment),
        Command(["python", "-c", parse], ROOT, environment),
        rounds=5,
    )


def help_pages() -> None:
    """In under 0.3 s; the second of the seconds is what Python takes for nothing."""
    environment = {"PATH": f"{ROOT / '.venv' / 'bin'}:/usr/bin:/bin", "LANG": "C.UTF-8"}
    nothing = Command(["python", "-c", "pass"], ROOT, environment)
    for arguments in (["--help"], ["check", "--help"]):
        ours = Command(["ocpreg", *arguments], ROOT, environment)
        title = f"ocpreg {' '.join(arguments)} / an empty Python program"
        compare(title, "< 0.3 s", ours, nothing)


def handwritten(scratch: Path, lab: Lab, environment: dict[str, str]) -> Command:
    folder, state = scratch / "handwritten", scratch / "handwritten-state"
    shutil.copytree(HERE / "handwritten" / lab.stack, folder)
    state.mkdir()
    project = Path(shutil.copy(HERE / "handwritten" / "Pulumi.yaml", folder))
    project.write_text(project.read_text().replace("VIRTUALENV", str(ROOT / ".venv")))
    environment = {**environment, "PULUMI_BACKEND_URL": f"file://{state}"}
    for arguments in (["stack", "init", lab.stack], ["up", "--yes"]):
        Command(["pulumi", "--non-interactive", *arguments], folder, environment).run()
    return Command(
        ["pulumi", "--non-interactive", "preview", "--stack", lab.stack], folder, environment
    )


def playbook(lab: Lab) -> list[str]:
    """Ansible in an environment of its own, installed once into the cache."""
    place = cache() / "ansible"
    stamp = place / ".installed"
    lock = ROOT / "requirements" / "bench.txt"
    if not stamp.exists() or stamp.read_text() != lock.read_text():
        progress("Ansible: installing (once)")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        pip = [str(place / "bin" / "pip"), "install", "-q", "--require-hashes", "--no-deps"]
        subprocess.run([*pip, "-r", str(lock)], check=True)
        stamp.write_text(lock.read_text())
    python = f"ansible_python_interpreter={place / 'bin' / 'python'}"
    return [
        str(place / "bin" / "ansible-playbook"), "-i", "localhost,", "-e", python,
        str(HERE / "playbook.yaml"),
    ]  # fmt: skip


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
