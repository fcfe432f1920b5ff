"""Is a registry as it should be? Judged by what its cluster says, and by nothing else.

Guide chapters 2 and 4.3, `oc get clusteroperator image-registry`. "Available" alone proves
nothing: a registry that is Removed is Available too, and the conditions may be about an older
spec than the present one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from fleet.reasons import OPERATOR_LOG, PODS, Words, words

Object = Mapping[str, Any]
ALL_RIGHT = {"Available": "True", "Progressing": "False", "Degraded": "False"}


class State(StrEnum):
    """Of one check, and of a registry: the worst of its checks."""

    OK = "ok"
    WAITING = "waiting"
    """It may still come by itself."""
    WRONG = "wrong"
    """Somebody has to do something."""
    UNKNOWN = "unknown"
    """It could not be looked at."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `fix` is empty when nothing is to be done."""

    name: str
    state: State
    says: str
    fix: str = ""


@dataclass(frozen=True)
class Seen:
    """What the cluster says; None for what is not there or could not be read."""

    config: Object | None
    operator: Object | None = None
    """ClusterOperator image-registry."""
    routes: Mapping[str, Object | None] = field(default_factory=dict)
    """Those that configs/cluster asks for."""
    pods: tuple[Object, ...] = ()
    """Those of the registry."""
    unread: tuple[str, ...] = ()


def judge(seen: Seen, wanted: str | None = None) -> list[Check]:
    """`wanted` is the managementState that is; None for whatever the live one is, except that
    nobody who asks wants to hear that a registry which is gone is well."""
    if seen.config is None:
        why = "; ".join(seen.unread) or "there is none"
        return [Check("configs/cluster", State.UNKNOWN, why, f"look into the log: {OPERATOR_LOG}")]
    return list(_checks(seen, seen.config, wanted))


def _checks(seen: Seen, config: Object, wanted: str | None) -> Iterator[Check]:
    observed = _observed(config)
    yield observed
    state = config.get("spec", {}).get("managementState", "")
    yield _state(state, wanted)
    # Of an older spec nothing is proven wrong, nor right.
    if state == "Unmanaged" or observed.state is State.WAITING:
        return
    for kind in ALL_RIGHT:
        yield _condition("configs/cluster", config, kind, state)
    if state == "Removed":
        yield from _operator(seen, state)
        return
    yield _replicas(config, seen.pods)
    yield _storage(config)
    for name, route in sorted(seen.routes.items()):
        yield _route(name, route)
    yield from _operator(seen, state)


def _observed(config: Object) -> Check:
    written = config.get("metadata", {}).get("generation", 0)
    at = config.get("status", {}).get("observedGeneration", 0)
    if at < written:
        return Check(
            "generation",
            State.WAITING,
            f"the operator has looked at generation {at} and not yet at {written}: what it says "
            "is about an older spec",
            f"if it stays so, the operator does not run: {OPERATOR_LOG}",
        )
    return Check("generation", State.OK, f"the operator has seen {written}, the present one")


def _state(state: str, wanted: str | None) -> Check:
    if wanted is not None and state != wanted:
        return Check(
            "managementState",
            State.WRONG,
            f"is {state or 'not set'}, and the stack file wants {wanted}",
            "apply the stack: pulumi up",
        )
    if state == "Removed" and wanted is None:
        return Check(
            "managementState",
            State.WRONG,
            "is Removed: there is no registry. That is well only if none is wanted",
            "set registry.managementState: Managed in the stack file (guide 2.1), and apply it",
        )
    if state == "Unmanaged":
        return Check(
            "managementState",
            State.OK if wanted else State.WRONG,
            "is Unmanaged: the operator does nothing and judges nothing",
            "" if wanted else "set registry.managementState: Managed in the stack file",
        )
    return Check("managementState", State.OK, f"is {state}")


def _condition(owner: str, live: Object, kind: str, state: str = "Managed") -> Check:
    conditions = live.get("status", {}).get("conditions") or []
    name = f"{owner} {kind}"
    found = [each for each in conditions if each.get("type", "").endswith(kind)]
    # Each of the operator's controllers may have a Degraded of its own.
    bad = [each for each in found if each.get("status") != ALL_RIGHT[kind]]
    exact = next((each for each in found if each.get("type") == kind), None)
    if exact is None:
        return Check(name, State.WAITING, "nothing is said yet", f"look into {OPERATOR_LOG}")
    if not bad:
        reason = exact.get("reason", "")
        if kind == "Available" and reason == "Removed" and state != "Removed":
            return Check(
                name,
                State.WAITING,
                "True with reason Removed: there is no registry yet",
                words("DeploymentNotFound").fix,
            )
        return Check(name, State.OK, f"{exact['status']} ({reason})" if reason else exact["status"])
    worst = bad[0]
    said = words(worst.get("reason", ""))
    wrong = kind == "Degraded" and worst.get("status") == "True"
    return Check(name, State.WRONG if wrong else State.WAITING, _told(worst, said), said.fix)


def _told(condition: Object, said: Words) -> str:
    reason, message = condition.get("reason", ""), condition.get("message", "")
    status = f"{condition.get('status', 'Unknown')}{f' ({reason})' if reason else ''}"
    return f"{status}: {said.says}" + (f" [{message}]" if message else "")


def _replicas(config: Object, pods: tuple[Object, ...]) -> Check:
    wanted = config.get("spec", {}).get("replicas", 0)
    ready = config.get("status", {}).get("readyReplicas", 0)
    if ready == wanted:
        return Check("replicas", State.OK, f"{ready} of {wanted} are ready")
    why = "; ".join(_of_pod(each) for each in pods if _of_pod(each))
    says = f"{ready} of {wanted} are ready" + (f": {why}" if why else "")
    return Check("replicas", State.WAITING, says, f"look at the pods: {PODS}")


def _of_pod(pod: Object) -> str:
    """Why a pod is not ready, as kubectl describe would show it."""
    name, status = pod.get("metadata", {}).get("name", ""), pod.get("status") or {}
    for each in status.get("conditions") or []:
        if each.get("type") == "PodScheduled" and each.get("status") == "False":
            return f"{name} finds no node [{each.get('message', '')}]"
    for container in status.get("containerStatuses") or []:
        waiting = (container.get("state") or {}).get("waiting")
        if waiting:
            more = f" [{waiting['message']}]" if waiting.get("message") else ""
            return f"{name} waits, {waiting.get('reason', '')}{more}"
    return ""


def _storage(config: Object) -> Check:
    """`status.storage` is what the operator has taken into use."""
    written = config.get("spec", {}).get("storage") or {}
    used = config.get("status", {}).get("storage") or {}
    backends = sorted(written.keys() - {"managementState"})
    if not backends:
        return Check("storage", State.WAITING, "none is written", words("StorageNotConfigured").fix)
    (backend, *_) = backends
    other = [
        f"{backend}.{key}"
        for key, value in sorted((written[backend] or {}).items())
        if (used.get(backend) or {}).get(key) != value
    ]
    if backend not in used or other:
        what = ", ".join(other) or backend
        return Check(
            "storage",
            State.WAITING,
            f"the operator does not use what is written: {what}",
            f"its message is in the condition StorageExists; in full: {OPERATOR_LOG}",
        )
    return Check("storage", State.OK, f"{backend}, as written")


def _route(name: str, route: Object | None) -> Check:
    if route is None:
        return Check(
            f"route {name}", State.WAITING, "is not there yet", f"look into {OPERATOR_LOG}"
        )
    judged = [
        (ingress.get("routerName", ""), condition)
        for ingress in route.get("status", {}).get("ingress") or []
        for condition in ingress.get("conditions") or []
        if condition.get("type") == "Admitted"
    ]
    refused = [(router, each) for router, each in judged if each.get("status") != "True"]
    if refused:
        router, each = refused[0]
        said = f"{each.get('reason', '')} [{each.get('message', '')}]"
        return Check(
            f"route {name}",
            State.WRONG,
            f"router {router} did not admit it: {said}",
            words("RouteDegraded").fix,
        )
    if not judged:
        return Check(
            f"route {name}",
            State.WAITING,
            "no router has admitted it yet",
            "oc -n openshift-ingress get pods",
        )
    return Check(f"route {name}", State.OK, f"{route.get('spec', {}).get('host', '')}, admitted")


def _operator(seen: Seen, state: str) -> Iterator[Check]:
    if seen.operator is None:
        said = next((each for each in seen.unread if "clusteroperator" in each), "there is none")
        yield Check("clusteroperator", State.UNKNOWN, said, "oc get clusteroperator image-registry")
        return
    for kind in ALL_RIGHT:
        yield _condition("clusteroperator", seen.operator, kind, state)
