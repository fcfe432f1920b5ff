"""The image pruner's job and what is said of it, as functions."""

import pytest

from lab.cluster import CONTROLLERS
from lab.operator import clusteroperator, duration
from lab.operator.errors import SyncError
from lab.operator.pruner import role_binding
from lab.operator.prunerjob import cron_job, keep_younger_than
from lab.operator.prunerstatus import judged
from tests.lab.operator.objects import condition

HERE = {"status": {"internalRegistryHostname": "image-registry.openshift-image-registry.svc:5000"}}


def pruner(**spec) -> dict:
    return {"metadata": {"name": "cluster", "generation": 3}, "spec": spec}


def container(spec: dict, image_config: dict | None = HERE) -> dict:
    job = cron_job(spec, image_config, "4.15.12")
    return job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]


def test_the_job_of_an_empty_spec() -> None:
    job = cron_job({}, HERE, "4.15.12")
    assert job["metadata"] == {"name": "image-pruner", "namespace": "openshift-image-registry"}
    template = job["spec"].pop("jobTemplate")
    assert job["spec"] == {
        "suspend": False,
        "schedule": "0 0 * * *",
        "concurrencyPolicy": "Forbid",
        "failedJobsHistoryLimit": 3,
        "successfulJobsHistoryLimit": 3,
        "startingDeadlineSeconds": 3600,
    }
    assert template["metadata"]["labels"] == {"created-by": "image-pruner"}
    pod = template["spec"]["template"]["spec"]
    assert pod["serviceAccountName"] == "pruner"
    assert (pod["affinity"], pod["nodeSelector"], pod["tolerations"]) == ({}, {}, [])
    assert container({})["resources"] == {"requests": {"cpu": "100m", "memory": "256Mi"}}
    assert container({})["args"] == [
        "adm",
        "prune",
        "images",
        "--confirm=true",
        "--certificate-authority=/var/run/configmaps/serviceca/service-ca.crt",
        "--keep-tag-revisions=3",
        "--keep-younger-than=60m",
        "--ignore-invalid-refs=false",
        "--loglevel=1",
        "--prune-registry=true",
        "--registry-url=https://image-registry.openshift-image-registry.svc:5000",
    ]


def test_the_job_of_a_full_spec() -> None:
    spec = {
        "suspend": True,
        "schedule": "30 2 * * 6",
        "failedJobsHistoryLimit": 0,
        "successfulJobsHistoryLimit": 1,
        "keepTagRevisions": 0,
        "ignoreInvalidImageReferences": True,
        "logLevel": "Debug",
        "resources": {"limits": {"memory": "1Gi"}},
        "affinity": {"nodeAffinity": {}},
        "nodeSelector": {"node-role.kubernetes.io/infra": ""},
        "tolerations": [{"operator": "Exists"}],
    }
    job = cron_job(spec, HERE, "4.15.12")["spec"]
    for field in ("suspend", "schedule", "failedJobsHistoryLimit", "successfulJobsHistoryLimit"):
        assert job[field] == spec[field], field
    pod = job["jobTemplate"]["spec"]["template"]["spec"]
    for field in ("affinity", "nodeSelector", "tolerations"):
        assert pod[field] == spec[field], field
    made = container(spec)
    assert made["resources"] == spec["resources"]
    wanted = {"--keep-tag-revisions=0", "--ignore-invalid-refs=true", "--loglevel=4"}
    assert wanted <= set(made["args"])


def test_tolerations_need_no_node_selector() -> None:
    tolerations = [{"key": "infra", "operator": "Exists"}]
    job = cron_job({"tolerations": tolerations}, HERE, "")
    assert job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["tolerations"] == tolerations


@pytest.mark.parametrize(
    ("level", "verbosity"), [("", 1), ("Normal", 1), ("Debug", 4), ("Trace", 6), ("TraceAll", 8)]
)
def test_log_levels(level: str, verbosity: int) -> None:
    assert f"--loglevel={verbosity}" in container({"logLevel": level})["args"]


@pytest.mark.parametrize("image_config", [{}, {"status": {}}, {"status": None}])
def test_without_a_registry_only_image_objects_are_pruned(image_config: dict) -> None:
    args = container({}, image_config)["args"]
    assert args[-1] == "--prune-registry=false"
    assert not [each for each in args if each.startswith("--registry-url")]


def test_without_an_image_configuration_there_is_no_job() -> None:
    with pytest.raises(SyncError, match=r'image\.config\.openshift\.io "cluster" not found'):
        cron_job({}, None, "")


@pytest.mark.parametrize(
    ("spec", "kept"),
    [
        ({}, "60m"),
        ({"keepYoungerThan": 10 * 10**9}, "10s"),
        ({"keepYoungerThanDuration": "60m"}, "1h0m0s"),
        ({"keepYoungerThan": 3600 * 10**9, "keepYoungerThanDuration": "10s"}, "10s"),
        ({"keepYoungerThan": 0}, "0s"),
    ],
)
def test_what_is_kept_for_its_youth(spec: dict, kept: str) -> None:
    assert keep_younger_than(spec) == kept


def test_a_duration_that_go_cannot_read() -> None:
    with pytest.raises(SyncError, match=r'keepYoungerThanDuration: time: unknown unit "d"'):
        keep_younger_than({"keepYoungerThanDuration": "3d"})


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("90m", "1h30m0s"),
        ("1.5h", "1h30m0s"),
        ("1h1m1.5s", "1h1m1.5s"),
        ("-2m", "-2m0s"),
        ("0", "0s"),
        ("720h", "720h0m0s"),
        ("1500us", "1.5ms"),
        ("7ns", "7ns"),
        (".5s", "500ms"),
    ],
)
def test_durations_are_written_as_go_does(text: str, written: str) -> None:
    assert duration.write(duration.parse(text)) == written


@pytest.mark.parametrize("text", ["", "5", "h", "1h ", "1 h", "1h-2m", "+"])
def test_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="time: invalid duration"):
        duration.parse(text)


def job(created: int, kind: str | None = None) -> dict:
    found = {"type": kind, "reason": "BackoffLimitExceeded", "message": "Job has reached the limit"}
    return {
        "metadata": {"name": f"j{created}", "creationTimestamp": f"2024-06-0{created}T00:00:00Z"},
        "status": {"conditions": [found]} if kind else {},
    }


def told(live: dict) -> dict[str, tuple[str, str]]:
    return {each["type"]: (each["status"], each["reason"]) for each in live["status"]["conditions"]}


def test_a_pruner_as_expected() -> None:
    live = judged(pruner(), {"metadata": {}}, [], None)
    assert told(live) == {
        "Available": ("True", "AsExpected"),
        "Failed": ("False", "Complete"),
        "Scheduled": ("True", "Scheduled"),
        "Degraded": ("False", "AsExpected"),
    }
    assert live["status"]["observedGeneration"] == 3
    assert judged(live, {"metadata": {}}, [], None) == live


def test_a_pruner_without_a_job_and_with_an_error() -> None:
    live = judged(pruner(suspend=True), None, [], SyncError("unable to apply objects: x"))
    assert condition(live, "Available") == ("False", "Error", "Pruner CronJob does not exist")
    assert condition(live, "Scheduled")[:2] == ("False", "Suspended")
    assert condition(live, "Degraded") == (
        "True",
        "SyncError",
        "Error: unable to apply objects: x",
    )


@pytest.mark.parametrize(
    ("jobs", "failed"),
    [
        ([job(1, "Failed")], True),
        ([job(1, "Failed"), job(2, "Complete")], False),
        ([job(2, "Failed"), job(1, "Complete")], True),
        ([job(1, "Failed"), job(2)], True),
        ([job(1)], False),
    ],
)
def test_the_last_job_that_ended_counts(jobs: list, failed: bool) -> None:
    live = judged(pruner(), {"metadata": {}}, jobs, None)
    state = ("True", "JobFailed", "Job has reached the limit")
    assert condition(live, "Degraded") == (state if failed else ("False", "AsExpected", ""))
    reason = "BackoffLimitExceeded" if failed else "Complete"
    assert condition(live, "Failed")[:2] == (str(failed), reason)


def test_the_cluster_operator_tells_of_the_pruner(make_config, make_world) -> None:
    config = make_config()
    config["status"]["conditions"] = [
        {"type": "Available", "status": "True", "reason": "Ready", "message": "ready"},
        {"type": "Degraded", "status": "False"},
    ]
    ill = judged(pruner(), {"metadata": {}}, [job(1, "Failed")], None)
    status = clusteroperator.status({}, config, make_world(image_pruner=ill))
    assert condition({"status": status}, "Degraded") == (
        "True",
        "ImagePrunerJobFailed",
        "ImagePrunerDegraded: Job has reached the limit",
    )
    available = condition({"status": status}, "Available")
    assert available == (
        "True",
        "Ready",
        "Available: ready\nImagePrunerAvailable: Pruner CronJob has been created",
    )


def test_the_job_may_prune_and_nothing_runs_it() -> None:
    binding = role_binding()
    assert binding["roleRef"]["name"] == "system:image-pruner"
    assert binding["subjects"] == [
        {"kind": "ServiceAccount", "name": "pruner", "namespace": "openshift-image-registry"}
    ]
    assert not [each for each in CONTROLLERS if "job" in each]
