"""What `ocpreg verify` says of everything that the operator can say: the lab's operator, which
judges as the real one does, makes the conditions."""

from typing import Any

import pytest

from fleet.reasons import REASONS, words
from fleet.verdict import Check, Seen, State, judge
from lab.operator.clusteroperator import status
from lab.operator.conditions import put_overall
from lab.operator.errors import PermanentError, SyncError
from lab.operator.world import World

READY = {"updatedReplicas": 2, "replicas": 2, "availableReplicas": 2, "readyReplicas": 2}
HALF = {**READY, "availableReplicas": 1, "readyReplicas": 1}
LATE = [{"type": "Progressing", "reason": "ProgressDeadlineExceeded", "message": "late"}]
S3 = {"s3": {"bucket": "images", "region": "eu-west-1"}, "managementState": "Unmanaged"}
Object = dict[str, Any]


def deployment(found: Object, **metadata: Any) -> Object:
    return {
        "metadata": {"generation": 3, **metadata},
        "spec": {"replicas": 2},
        "status": {"observedGeneration": 3, **found},
    }


def route(admitted: str, message: str = "") -> Object:
    told = {"type": "Admitted", "status": admitted, "reason": "Told", "message": message}
    ingress = {"host": "h", "routerName": "default", "conditions": [told]}
    return {
        "metadata": {"name": "public"},
        "spec": {"host": "h"},
        "status": {"ingress": [ingress]},
    }


def seen(
    live: Object | None = None,
    error: SyncError | None = None,
    state: str = "Managed",
    inertia: float = -1,
    routes: dict[str, Object | None] | None = None,
    pruner: Object | None = None,
    **more: Any,
) -> Seen:
    config: Object = {
        "metadata": {"generation": 4},
        "spec": {"managementState": state, "replicas": 2, "storage": S3},
        "status": {"observedGeneration": 4, "storage": S3},
    }
    there = [each for each in (routes or {}).values() if each]
    put_overall(config, live, there, error, inertia)
    operator = {"status": status({}, config, World({}, {}, image_pruner=pruner))}
    return Seen(config, operator, routes or {}, **more)


def worst(checks: list[Check]) -> dict[str, Check]:
    return {each.name: each for each in checks if each.state is not State.OK}


def test_a_registry_that_is_well() -> None:
    checks = judge(seen(deployment(READY), routes={"public": route("True")}), "Managed")
    assert worst(checks) == {}
    said = {each.name: each.says for each in checks}
    assert said["replicas"] == "2 of 2 are ready"
    assert said["storage"] == "s3, as written"
    assert said["route public"] == "h, admitted"
    assert said["clusteroperator Available"] == "True (Ready)"


@pytest.mark.parametrize(
    ("found", "name", "state", "words"),
    [
        (seen(deployment(HALF)), "configs/cluster Progressing", "waiting", "NotCompleted"),
        (seen(deployment(HALF)), "replicas", "waiting", "1 of 2 are ready"),
        (seen(deployment({})), "configs/cluster Available", "waiting", "NoReplicasAvailable"),
        (seen(deployment({})), "configs/cluster Degraded", "wrong", "more than a minute"),
        (seen(None), "configs/cluster Available", "waiting", "DeploymentNotFound"),
        (seen(None, inertia=60), "configs/cluster Progressing", "waiting", "WaitingForDeployment"),
        (
            seen(deployment(READY, deletionTimestamp="t"), inertia=60),
            "configs/cluster Available",
            "waiting",
            "DeploymentDeleted",
        ),
        (
            seen(deployment(READY), SyncError("bucket is gone")),
            "configs/cluster Progressing",
            "waiting",
            "[Unable to apply resources: bucket is gone]",
        ),
        (
            seen(None, PermanentError("VerificationFailed", "replicas must be")),
            "configs/cluster Degraded",
            "wrong",
            "refuses the custom resource as it is written [Error: replicas must be]",
        ),
        (
            seen(None, PermanentError("StorageNotConfigured", "none")),
            "configs/cluster Degraded",
            "wrong",
            "no storage is written",
        ),
        (
            seen(deployment({**HALF, "conditions": LATE})),
            "configs/cluster Degraded",
            "wrong",
            "has not come to its end in time",
        ),
        (
            seen(deployment(READY), routes={"public": route("False", "taken")}),
            "configs/cluster Degraded",
            "wrong",
            "a router did not admit",
        ),
        (
            seen(deployment(READY), routes={"public": route("False", "taken")}),
            "route public",
            "wrong",
            "router default did not admit it: Told [taken]",
        ),
        (
            seen(deployment(READY), routes={"public": {"spec": {"host": "h"}}}),
            "route public",
            "waiting",
            "no router has admitted it yet",
        ),
        (
            seen(deployment(READY), routes={"public": None}),
            "route public",
            "waiting",
            "is not there yet",
        ),
        (seen(None, state="Removed"), "managementState", "wrong", "there is no registry"),
        (seen(None, state="Unmanaged"), "managementState", "wrong", "judges nothing"),
    ],
)  # fmt: skip
def test_what_is_not_well(found: Seen, name: str, state: str, words: str) -> None:
    check = worst(judge(found))[name]
    assert (check.state, bool(check.fix)) == (State(state), True)
    assert words in check.says


@pytest.mark.parametrize("reason", ["SyncError", "JobFailed"])
def test_the_pruner_counts(reason: str) -> None:
    told = {"type": "Degraded", "status": "True", "reason": reason, "message": "why"}
    found = seen(deployment(READY), pruner={"status": {"conditions": [told]}})
    check = worst(judge(found))["clusteroperator Degraded"]
    assert (check.state, check.fix) == (State.WRONG, REASONS[f"ImagePruner{reason}"].fix)
    assert "why" in check.says


@pytest.mark.parametrize(
    ("live", "wanted", "state"),
    [
        ("Removed", "Removed", None),
        ("Unmanaged", "Unmanaged", None),
        ("Removed", "Managed", State.WRONG),
        ("Managed", "Removed", State.WRONG),
    ],
)
def test_the_state_that_the_stack_wants(live: str, wanted: str, state: State | None) -> None:
    found = worst(judge(seen(None if live == "Removed" else deployment(READY), state=live), wanted))
    assert ("managementState" in found) == (state is not None)
    if state:
        assert f"the stack file wants {wanted}" in found["managementState"].says
    else:
        assert found == {}


def test_an_old_generation_proves_nothing() -> None:
    found = seen(deployment(READY))
    assert found.config is not None
    found.config["metadata"]["generation"] = 5
    check = worst(judge(found))["generation"]
    assert check.state is State.WAITING
    assert "generation 4 and not yet at 5" in check.says


def test_what_was_wrong_with_an_older_spec_is_not_said_of_the_present_one() -> None:
    """Or a change that mends a registry would be called wrong until the operator looks at it."""
    found = seen(None, PermanentError("VerificationFailed", "replicas must be"))
    assert found.config is not None
    assert State.WRONG in {each.state for each in judge(found)}
    found.config["metadata"]["generation"] = 5
    assert {each.state for each in worst(judge(found)).values()} == {State.WAITING}


@pytest.mark.parametrize(
    ("used", "words"),
    [
        ({"s3": {"bucket": "older", "region": "eu-west-1"}}, "s3.bucket"),
        ({"pvc": {"claim": "registry"}}, "what is written: s3"),
        ({}, "what is written: s3"),
    ],
)
def test_storage_that_is_not_in_use(used: Object, words: str) -> None:
    found = seen(deployment(READY))
    assert found.config is not None
    found.config["status"]["storage"] = used
    check = worst(judge(found))["storage"]
    assert (check.state, words in check.says) == (State.WAITING, True)


def test_removed_is_not_taken_for_well() -> None:
    """Right after Removed -> Managed the conditions are still those of the registry that was."""
    found = seen(None, state="Removed")
    assert found.config is not None
    found.config["spec"]["managementState"] = "Managed"
    said = worst(judge(found, "Managed"))
    assert "there is no registry yet" in said["configs/cluster Available"].says
    assert "there is no registry yet" in said["clusteroperator Available"].says


def test_why_pods_are_not_ready() -> None:
    unscheduled = {"type": "PodScheduled", "status": "False", "message": "0/3 nodes"}
    waiting = {"state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}}}
    pods = (
        {"metadata": {"name": "a"}, "status": {"conditions": [unscheduled]}},
        {"metadata": {"name": "b"}, "status": {"containerStatuses": [waiting]}},
        {"metadata": {"name": "c"}, "status": {"containerStatuses": [{"state": {"running": {}}}]}},
    )
    said = worst(judge(seen(deployment({}), pods=pods)))["replicas"].says
    assert said.endswith("a finds no node [0/3 nodes]; b waits, CrashLoopBackOff [back-off]")


def test_what_can_not_be_read() -> None:
    (check,) = judge(Seen(None, unread=("configs/cluster: Forbidden",)))
    assert (check.state, check.says) == (State.UNKNOWN, "configs/cluster: Forbidden")
    found = seen(deployment(READY))
    blind = Seen(found.config, None, unread=("clusteroperators/image-registry: Forbidden",))
    assert worst(judge(blind))["clusteroperator"].state is State.UNKNOWN


def test_several_reasons_and_unknown_ones() -> None:
    assert words("AsExpected::RouteDegraded") == REASONS["RouteDegraded"]
    assert words("Whatever").says == "the operator says Whatever"
    assert words("").says == "the operator says no reason"
