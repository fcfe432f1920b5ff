"""When the registry's pods count as running, and what routes get."""

from datetime import UTC, datetime, timedelta

import pytest

from lab.platform.kubelet import Surroundings, blockers, ready
from lab.platform.rollout import deadline, status
from lab.platform.router import admitted

NOW = datetime(2024, 6, 1, tzinfo=UTC)
WORKERS = [{"metadata": {"name": f"w{n}", "labels": {}}, "spec": {}} for n in range(2)]
BOUND = {"spec": {"accessModes": ["ReadWriteOnce"]}, "status": {"phase": "Bound"}}
SHARED = {"spec": {"accessModes": ["ReadWriteMany"]}, "status": {"phase": "Bound"}}
PENDING = {"spec": {"accessModes": ["ReadWriteOnce"]}, "status": {"phase": "Pending"}}
HOSTS = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{}]}}


def deployment(
    replicas: int = 1, strategy: dict | None = None, env=(), volumes=None, **pod
) -> dict:
    if volumes is None:
        volumes = [{"name": "v", "persistentVolumeClaim": {"claimName": "images"}}]
    spec = {"containers": [{"env": list(env)}], "volumes": volumes, **pod}
    return {
        "metadata": {"name": "image-registry", "generation": 2},
        "spec": {
            "replicas": replicas,
            "progressDeadlineSeconds": 60,
            "strategy": strategy or {"type": "Recreate"},
            "template": {"spec": spec},
        },
    }


def around(claim: dict | None = BOUND, **parts) -> Surroundings:
    return Surroundings(nodes=WORKERS, claims={"images": claim} if claim else {}, **parts)


@pytest.mark.parametrize(
    ("claim", "problem"),
    [(None, "claim images is missing"), (PENDING, "claim images is Pending")],
)
def test_no_pod_runs_without_its_claim(claim: dict | None, problem: str) -> None:
    assert blockers(deployment()["spec"]["template"]["spec"], around(claim)) == [problem]
    assert ready(deployment(), around(claim)) == 0


def test_no_pod_runs_without_what_it_mounts_or_reads() -> None:
    env = [{"name": "K", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "k"}}}]
    volumes = [
        {"name": "a", "configMap": {"name": "certificates"}},
        {"name": "b", "configMap": {"name": "maybe", "optional": True}},
        {"name": "c", "projected": {"sources": [{"secret": {"name": "image-registry-tls"}}]}},
    ]
    pod = deployment(env=env, volumes=volumes)["spec"]["template"]["spec"]
    assert blockers(pod, around()) == [
        "secret image-registry-tls is missing",
        "secret keys is missing",
        "configMap certificates is missing",
    ]
    found = around(secrets={"keys": {}, "image-registry-tls": {}}, config_maps={"certificates": {}})
    assert blockers(pod, found) == []


def test_no_pod_counts_whose_registry_is_not_ready() -> None:
    pod = deployment()["spec"]["template"]["spec"]
    assert blockers(pod, around(broken="no answer")) == ["no answer"]
    assert ready(deployment(), around(broken="no answer")) == 0


def test_no_pod_runs_where_no_node_fits() -> None:
    pod = deployment(nodeSelector={"role": "infra"})["spec"]["template"]["spec"]
    assert blockers(pod, around()) == ["no node fits"]


def test_a_registry_without_its_parameters_does_not_stay_up() -> None:
    env = [
        {"name": "REGISTRY_STORAGE", "value": "azure"},
        {"name": "REGISTRY_STORAGE_AZURE_ACCOUNTNAME", "value": "a"},
        {"name": "REGISTRY_STORAGE_AZURE_CONTAINER", "value": ""},
    ]
    pod = deployment(env=env, volumes=[])["spec"]["template"]["spec"]
    assert blockers(pod, around()) == ["the registry has no REGISTRY_STORAGE_AZURE_CONTAINER"]


@pytest.mark.parametrize(
    ("replicas", "claim", "affinity", "running"),
    [
        (1, BOUND, None, 1),
        (2, BOUND, None, 1),
        (2, SHARED, HOSTS, 2),
        (3, SHARED, HOSTS, 2),
        (3, SHARED, None, 3),
        (0, BOUND, None, 0),
    ],
)
def test_how_many_run(replicas: int, claim: dict, affinity: dict | None, running: int) -> None:
    assert ready(deployment(replicas, affinity=affinity), around(claim)) == running


def conditions(found: dict) -> dict[str, tuple[str, str]]:
    return {each["type"]: (each["status"], each["reason"]) for each in found["conditions"]}


def test_a_running_deployment() -> None:
    found = status(deployment(2), around(SHARED), NOW)
    assert {key: value for key, value in found.items() if key != "conditions"} == {
        "observedGeneration": 2,
        "replicas": 2,
        "updatedReplicas": 2,
        "readyReplicas": 2,
        "availableReplicas": 2,
    }
    assert conditions(found) == {
        "Available": ("True", "MinimumReplicasAvailable"),
        "Progressing": ("True", "NewReplicaSetAvailable"),
    }


def test_the_status_is_stable() -> None:
    live = deployment()
    live["status"] = status(live, around(PENDING), NOW)
    assert status(live, around(PENDING), NOW + timedelta(seconds=30)) == live["status"]


def test_a_rollout_that_gets_nowhere_times_out() -> None:
    live = deployment()
    live["status"] = status(live, around(PENDING), NOW)
    assert conditions(live["status"])["Progressing"] == ("True", "ReplicaSetUpdated")
    assert deadline(live, NOW + timedelta(seconds=20)) == pytest.approx(40.1)
    later = status(live, around(PENDING), NOW + timedelta(seconds=61))
    assert conditions(later)["Progressing"] == ("False", "ProgressDeadlineExceeded")
    live["status"] = later
    assert deadline(live, NOW) is None
    assert conditions(status(live, around(), NOW))["Progressing"] == (
        "True",
        "NewReplicaSetAvailable",
    )


def test_what_ran_once_is_unavailable_not_stuck() -> None:
    live = deployment()
    live["status"] = status(live, around(), NOW)
    lost = status(live, around(None), NOW + timedelta(seconds=600))
    assert conditions(lost) == {
        "Available": ("False", "MinimumReplicasUnavailable"),
        "Progressing": ("True", "NewReplicaSetAvailable"),
    }


@pytest.mark.parametrize(("limit", "available"), [(1, "True"), (0, "False"), ("50%", "True")])
def test_rolling_updates_may_miss_some(limit: int | str, available: str) -> None:
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": limit}}
    found = status(deployment(2, rolling), around(BOUND), NOW)
    assert conditions(found)["Available"][0] == available


def route(name: str, host: str | None = None, namespace: str = "ns", age: int = 0) -> dict:
    return {
        "metadata": {
            "name": name,
            "namespace": namespace,
            "creationTimestamp": f"2024-06-01T00:00:{age:02}Z",
        },
        "spec": {"host": host} if host else {},
    }


def admissions(*routes: dict) -> dict[str, tuple[str, str]]:
    return {
        found["metadata"]["name"]: (
            ingress["conditions"][0]["status"],
            ingress["conditions"][0].get("message", ingress["host"]),
        )
        for found, ingress in admitted(routes, "apps.test", "now")
    }


def test_a_route_gets_a_host_and_is_admitted() -> None:
    assert admissions(route("default-route", namespace="openshift-image-registry")) == {
        "default-route": ("True", "default-route-openshift-image-registry.apps.test")
    }


def test_the_oldest_route_has_the_host() -> None:
    taken = admissions(
        route("young", "h", age=3), route("old", "h", age=1), route("far", "h", "other", age=2)
    )
    assert taken == {
        "old": ("True", "h"),
        "far": ("False", "a route in another namespace holds h and is older than far"),
        "young": ("False", "route old already exposes h and is older"),
    }


def test_an_admission_keeps_its_time() -> None:
    live = route("r", "h")
    (_, ingress), *_ = admitted([live], "apps.test", "then")
    live["status"] = {"ingress": [ingress]}
    assert admitted([live], "apps.test", "now")[0][1] == ingress
