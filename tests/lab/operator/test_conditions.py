"""What the operator says about itself, and the ClusterOperator that repeats it."""

import pytest

from lab.operator import clusteroperator
from lab.operator.conditions import put, put_overall
from lab.operator.errors import PermanentError, SyncError
from tests.lab.operator.objects import condition

READY = {"updatedReplicas": 2, "replicas": 2, "availableReplicas": 2, "readyReplicas": 2}
HALF = {**READY, "availableReplicas": 1, "readyReplicas": 1}


def deployment(status: dict, **metadata) -> dict:
    return {
        "metadata": {"generation": 3, **metadata},
        "spec": {"replicas": 2},
        "status": {"observedGeneration": 3, **status},
    }


ERROR = SyncError("no good")
PERMANENT = PermanentError("VerificationFailed", "never good")


@pytest.mark.parametrize(
    ("state", "live", "error", "available", "progressing", "degraded"),
    [
        ("Managed", deployment(READY), None, "True Ready", "False Ready", "False"),
        ("Managed", deployment(HALF), None, "True MinimumAvailability",
         "True DeploymentNotCompleted", "False"),
        ("Managed", deployment({}), None, "False NoReplicasAvailable",
         "True DeploymentNotCompleted", "True Unavailable"),
        ("Managed", None, None, "False DeploymentNotFound", "True WaitingForDeployment",
         "True Unavailable"),
        ("Managed", deployment(READY, deletionTimestamp="t"), None, "False DeploymentDeleted",
         "True FinalizingDeployment", "True Unavailable"),
        ("Managed", deployment(READY), ERROR, "True Ready", "True Error", "False"),
        ("Managed", None, ERROR, "False DeploymentNotFound", "True Error", "True Unavailable"),
        ("Managed", None, PERMANENT, "False VerificationFailed", "False Error",
         "True VerificationFailed"),
        ("Managed", deployment(READY), PERMANENT, "True Ready", "False Error",
         "True VerificationFailed"),
        ("Removed", None, None, "True Removed", "False Removed", "False Removed"),
        ("Removed", deployment(READY), None, "True Ready", "True DeletingDeployment",
         "False Removed"),
        ("Unmanaged", None, None, "True Unmanaged", "False Unmanaged", "False Unmanaged"),
    ],
)  # fmt: skip
def test_reasons(make_config, state, live, error, available, progressing, degraded) -> None:
    config = make_config(managementState=state)
    put_overall(config, live, [], error, inertia=-1)
    for kind, expected in (
        ("Available", available),
        ("Progressing", progressing),
        ("Degraded", degraded),
    ):
        assert " ".join(condition(config, kind)[:2]).strip() == expected, kind
    removed = ("True", "Removed") if state == "Removed" else ("False", "")
    assert condition(config, "Removed")[:2] == removed


def test_being_unavailable_is_not_degraded_at_once(make_config) -> None:
    config = make_config()
    put_overall(config, None, [], None, inertia=60)
    assert condition(config, "Degraded")[0] == "False"


def test_an_old_generation_is_not_complete(make_config) -> None:
    config = make_config()
    put_overall(config, deployment({**READY, "observedGeneration": 2}), [], None)
    assert condition(config, "Progressing")[1] == "DeploymentNotCompleted"


def test_a_rollout_that_timed_out_is_degraded(make_config) -> None:
    late = [{"type": "Progressing", "reason": "ProgressDeadlineExceeded", "message": "late"}]
    config = make_config()
    put_overall(config, deployment({**HALF, "conditions": late}), [], None)
    assert condition(config, "Degraded") == (
        "True",
        "ProgressDeadlineExceeded",
        "Registry deployment has timed out progressing: late",
    )


def test_a_refused_route_is_degraded(make_config) -> None:
    refused = {"type": "Admitted", "status": "False", "message": "taken"}
    ingress = {"host": "h", "routerName": "default", "conditions": [refused]}
    route = {"metadata": {"name": "public"}, "status": {"ingress": [ingress]}}
    config = make_config()
    put_overall(config, deployment(READY), [route], None)
    assert condition(config, "Degraded") == (
        "True",
        "RouteDegraded",
        "route public (host h, router default) not admitted: taken",
    )


def test_the_transition_time_moves_with_the_status_only(make_config) -> None:
    config = make_config()
    put(config, "Available", "True", "Ready", "yes")
    (only,) = config["status"]["conditions"]
    only["lastTransitionTime"] = "2024-01-01T00:00:00Z"
    put(config, "Available", "True", "MinimumAvailability", "")
    (only,) = config["status"]["conditions"]
    assert only["lastTransitionTime"] == "2024-01-01T00:00:00Z"
    assert "message" not in only
    put(config, "Available", "False", "", "")
    assert config["status"]["conditions"][0]["lastTransitionTime"] != "2024-01-01T00:00:00Z"


def test_the_cluster_operator_unites_conditions(make_config, make_world) -> None:
    config = make_config()
    put(config, "Available", "True", "Ready", "yes")
    put(config, "Progressing", "False", "Ready", "done")
    put(config, "Degraded", "False", "", "")
    put(config, "ImageRegistryCertificatesControllerDegraded", "True", "Error", "no map\nat all")
    world = make_world(deployment=deployment(READY))
    status = clusteroperator.status({}, config, world)
    found = {each["type"]: each for each in status["conditions"]}
    assert found["Degraded"]["status"] == "True"
    assert found["Degraded"]["reason"] == "ImageRegistryCertificatesControllerError"
    prefix = "ImageRegistryCertificatesControllerDegraded: "
    assert found["Degraded"]["message"] == f"{prefix}no map\n{prefix}at all"
    assert found["Available"]["message"] == "Available: yes"
    assert status["versions"] == [{"name": "operator", "version": "4.15.12"}]
    assert clusteroperator.status(status, config, world) == status
    put(config, "ImageRegistryCertificatesControllerDegraded", "False", "AsExpected", "")
    degraded = clusteroperator.status(status, config, world)["conditions"][2]
    assert (degraded["status"], degraded["reason"]) == ("False", "AsExpected")


def test_a_release_is_reached_only_with_its_registry(make_config, make_world) -> None:
    for live, versions in ((deployment({}), None), (deployment(READY), "4.15.12")):
        status = clusteroperator.status({}, make_config(), make_world(deployment=live))
        assert status.get("versions", [{}])[0].get("version") == versions
