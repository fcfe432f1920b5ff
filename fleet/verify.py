"""`ocpreg verify`: look at a cluster's registry until it is well, is wrong, or time is over."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cluster.client import Unreachable
from cluster.kubeconfig import ClusterAccess, KubeconfigError, load
from fleet.failure import NotAsked
from fleet.verdict import Check, Seen, State, judge
from settings.names import NAMESPACE

if TYPE_CHECKING:
    from cluster.reader import Reader
    from settings import StackSettings

PAUSE = 1.0
"""Seconds between two looks."""
LASTING = 15.0
"""Seconds for which something has to be wrong before it is believed: right after a change the
operator's conditions, and a router's, may still be about what was before."""
NOT_IN_TIME = 3
"""Exit code."""

Tell = Callable[[float, list[Check]], None]


@dataclass(frozen=True)
class Report:
    """The last look. `state` is the worst of its checks."""

    server: str
    seconds: float
    checks: list[Check]

    @property
    def state(self) -> State:
        worst = (State.UNKNOWN, State.WRONG, State.WAITING)
        states = {each.state for each in self.checks}
        return next((each for each in worst if each in states), State.OK)

    @property
    def exit_code(self) -> int:
        return {State.OK: 0, State.WRONG: 1, State.UNKNOWN: 2, State.WAITING: NOT_IN_TIME}[
            self.state
        ]


def run(stack: Path | None, patience: float, tell: Tell) -> Report:
    """Look until all is well, something has been wrong for a while, or `patience` seconds are
    over. `stack`: the file of the cluster that is meant. Raises `NotAsked`."""
    settings = _settings(stack) if stack else None
    wanted = None
    if settings is not None:
        wanted = settings.registry.management_state or "Managed"
    try:
        access = load(None)
        if access is None:
            raise NotAsked("there is no kubeconfig", "oc login, or set KUBECONFIG")
        return _watched(access, settings, wanted, patience, tell)
    except (KubeconfigError, Unreachable) as error:
        raise NotAsked(
            str(error), "is the cluster up, and is this its kubeconfig (KUBECONFIG)?"
        ) from None


def _watched(
    access: ClusterAccess,
    settings: "StackSettings | None",
    wanted: str | None,
    patience: float,
    tell: Tell,
) -> Report:
    from cluster.reader import Reader

    reader = Reader(access)
    if settings is not None:
        _the_one_meant(reader, settings, access)
    began = time.monotonic()
    wrong_since: float | None = None
    while True:
        checks = judge(_look(reader), wanted)
        spent = time.monotonic() - began
        report = Report(access.server, round(spent, 1), checks)
        tell(spent, checks)
        if report.state is State.WRONG:
            wrong_since = spent if wrong_since is None else wrong_since
        else:
            wrong_since = None
        lasting = wrong_since is not None and spent - wrong_since >= min(LASTING, patience)
        if report.state is State.OK or lasting or spent >= patience:
            return report
        time.sleep(min(PAUSE, max(0.0, patience - spent)))


def _look(reader: "Reader") -> Seen:
    reader.unread.clear()
    api = "imageregistry.operator.openshift.io/v1"
    config = reader.get(api, "configs", "cluster")
    spec = (config or {}).get("spec") or {}
    names = [each["name"] for each in spec.get("routes") or []]
    names += ["default-route"] if spec.get("defaultRoute") else []
    routes = {
        each: reader.get("route.openshift.io/v1", "routes", each, NAMESPACE) for each in names
    }
    ready = (config or {}).get("status", {}).get("readyReplicas", 0)
    pods = (
        ()
        if ready == spec.get("replicas", 0)
        else reader.labelled("v1", "pods", NAMESPACE, {"docker-registry": "default"})
    )
    operator = reader.get("config.openshift.io/v1", "clusteroperators", "image-registry")
    return Seen(config, operator, routes, tuple(pods or ()), tuple(reader.unread))


def _settings(stack: Path) -> "StackSettings":
    from settings.stackfile import check_file

    settings, problems = check_file(stack)
    if settings is None:
        first = next(each for each in problems if each.severity == "error")
        raise NotAsked(f"{stack} is not right: {first}", f"ocpreg check {stack}")
    return settings


def _the_one_meant(reader: "Reader", settings: "StackSettings", access: ClusterAccess) -> None:
    live = reader.must("config.openshift.io/v1", "infrastructures", "cluster")
    found = (live.get("status") or {}).get("infrastructureName")
    wanted = settings.cluster.infrastructure_name
    if found != wanted:
        raise NotAsked(
            f"the cluster at {access.server} is {found or 'not to be told'}, and the stack file is "
            f"for {wanted}",
            "log in to that cluster, or name its stack",
        )


def on_screen(work: Callable[[Tell], Report]) -> Report:
    """Run `work` with what is waited for as a sign of life: a line that changes on a terminal,
    elsewhere one whenever something else is waited for. On standard error."""
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    live = sys.stderr.isatty()
    status = console.status("the cluster is asked") if live else nullcontext()
    said = ""

    def tell(spent: float, checks: list[Check]) -> None:
        nonlocal said
        waiting = next((each for each in checks if each.state is not State.OK), None)
        text = f"{waiting.name}: {waiting.says}" if waiting else ""
        if live and text:
            status.update(f"{spent:.0f} s  {text}")  # type: ignore[union-attr]
        elif text and text != said:
            print(f"{spent:4.0f} s  {text}", file=sys.stderr, flush=True)
        said = text

    with status:
        return work(tell)


def to_json(report: Report) -> str:
    """`state` (ok, waiting, wrong, unknown), `server`, `seconds`, `checks`."""
    return json.dumps({"state": report.state, **asdict(report)}, indent=2)


VERDICTS = {
    State.OK: "the registry is well",
    State.WAITING: "the registry was not ready in time",
    State.WRONG: "the registry is not well",
    State.UNKNOWN: "the registry could not be looked at",
}


def summary(report: Report) -> str:
    width = max(len(each.name) for each in report.checks)
    lines = []
    for each in report.checks:
        lines.append(f"{each.state:<8} {each.name:<{width}}  {each.says}")
        if each.fix and each.state is not State.OK:
            lines.append(f"    fix: {each.fix}")
    lines.append(f"{report.server}: {VERDICTS[report.state]} ({report.seconds:.0f} s)")
    return "\n".join(lines)
