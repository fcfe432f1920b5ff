"""A smoke test of a registry: push an image in chunks, pull it, compare."""

import json
import re
import secrets
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field

from fleet.failure import Failure, NotAsked
from fleet.image import Image, digest, make
from fleet.lifecycle import removal
from fleet.registry import Place, Registry

NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
MIB = 1024 * 1024


@dataclass(frozen=True)
class Step:
    name: str
    seconds: float
    detail: str


@dataclass
class Report:
    """What was done, what was found, and what stays in the registry."""

    registry: str
    repository: str
    tag: str
    steps: list[Step] = field(default_factory=list)
    digest: str | None = None
    left: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    error: str | None = None
    fix: str | None = None

    @property
    def passed(self) -> bool:
        return self.error is None


Tell = Callable[[Step], None]


def repository_name(namespace: str, name: str) -> str:
    """`<project>/<name>`: OpenShift's registry knows no other form (guide 4.2)."""
    for option, value in (("--namespace", namespace), ("--repository", name)):
        if not NAME.fullmatch(value):
            raise NotAsked(
                f"{option} {value!r} is no name", "small letters, digits and . _ - between them"
            )
    return f"{namespace}/{name}"


def run(place: Place, repository: str, size: int, keep: bool, tell: Tell) -> Report:
    """All steps, or those up to the first that fails. `size` is in bytes."""
    tag = f"smoke-{secrets.token_hex(4)}"
    report = Report(place.url, repository, tag)
    try:
        registry = Registry(place, repository)
        _steps(registry, make(size), report, keep, tell)
    except NotAsked:
        raise
    except Failure as failure:
        report.error, report.fix = str(failure), failure.fix
    return report


def _steps(registry: Registry, image: Image, report: Report, keep: bool, tell: Tell) -> None:
    def step(name: str, work: Callable[[], str]) -> None:
        began = time.monotonic()
        detail = work()
        report.steps.append(Step(name, round(time.monotonic() - began, 3), detail))
        tell(report.steps[-1])

    def push() -> str:
        for each in image.layers:
            registry.push(each, chunks=2)
        registry.push(image.config, chunks=1)
        registry.put_manifest(report.tag, image.manifest)
        report.left.append(f"image {registry.repository}:{report.tag}")
        sizes = [len(each.content) for each in image.layers]
        return f"{len(sizes)} layers, {sum(sizes) / MIB:.1f} MiB, each in two chunks"

    def pull() -> str:
        report.digest = _same(digest(image.manifest), registry.pull_manifest(report.tag))
        for each in (*image.layers, image.config):
            _same(each.digest, registry.pull(each.digest))
        return f"{report.digest}, all digests are right"

    def abandon() -> str:
        upload = registry.abandon(image.layers[1].content)
        report.left.append(f"unfinished upload {upload}")
        found = removal(registry.place.storage, registry.repository)
        if found.warning:
            report.warnings.append(found.warning)
        return f"{upload} is left behind; {found.text}"

    def clean() -> str:
        refused = registry.delete(digest(image.manifest))
        if refused is None:
            report.left.remove(f"image {registry.repository}:{report.tag}")
            return f"tag {report.tag} deleted; its layers stay until the registry is pruned"
        name = registry.repository.partition("/")[2]
        project = registry.repository.partition("/")[0]
        return f"{refused}: oc -n {project} delete istag {name}:{report.tag}"

    step("log in", registry.login)
    step("push", push)
    step("pull", pull)
    step("interrupt an upload", abandon)
    if not keep:
        step("clean up", clean)


def _same(wanted: str, found: str) -> str:
    if wanted != found:
        raise Failure(
            f"what comes back is not what was pushed: {found} instead of {wanted}",
            "the storage, or something in front of it, changes data: don't push anything more",
        )
    return found


def to_json(report: Report) -> str:
    """The fields of `Report`, and `passed`."""
    return json.dumps({"passed": report.passed, **asdict(report)}, indent=2)


def on_screen(work: Callable[[Tell], Report], quiet: bool) -> Report:
    """Run `work`; print each step as it ends, with a sign of life on a terminal."""
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    waiting = console.status("the registry is asked") if sys.stderr.isatty() else nullcontext()

    def tell(step: Step) -> None:
        if not quiet:
            print(f"{step.name:<20} {step.seconds:6.2f} s  {step.detail}", flush=True)

    with waiting:
        return work(tell)


def summary(report: Report) -> str:
    where = f"{report.registry}/{report.repository}:{report.tag}"
    if not report.passed:
        lines = [f"error: {report.error}", f"    fix: {report.fix}"]
    else:
        lines = [f"{where}: the registry takes and gives images"]
    lines += [f"warning: {each}" for each in report.warnings]
    lines += [f"left behind: {each}" for each in report.left]
    return "\n".join(lines)
