"""The image pruner on a real API server, which refuses what it would refuse anywhere."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from lightkube import Client

from lab import kinds
from lab.lab import Lab
from lab.openshift.documents import image_pruner
from tests.lab.operator.live import REGISTRY, patch, published, settled, wait
from tests.lab.operator.objects import condition
from tests.lab.project import reset

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module", autouse=True)
def as_found(lab: Lab) -> Iterator[None]:
    yield
    reset(lab)


@pytest.fixture
def client(lab: Lab) -> Iterator[Client]:
    client = lab.client()
    yield client
    for each in client.list(kinds.Job, namespace=REGISTRY):
        client.delete(kinds.Job, each["metadata"]["name"], namespace=REGISTRY)
    renew(client)


def renew(client: Client) -> None:
    """The operator makes a new one; what it makes is what a fresh cluster has."""
    before = client.get(kinds.ImagePruner, "cluster")["metadata"]["uid"]
    client.delete(kinds.ImagePruner, "cluster")

    def renewed() -> bool:
        return client.get(kinds.ImagePruner, "cluster")["metadata"]["uid"] != before

    wait(renewed, "a new imagepruners/cluster")
    pruned(client, "Degraded", "False", "AsExpected")


def pruned(client: Client, kind: str, status: str, reason: str) -> dict:
    return settled(client, kind, status, reason, of=kinds.ImagePruner)


def job(client: Client) -> dict:
    return client.get(kinds.CronJob, "image-pruner", namespace=REGISTRY)["spec"]


def arguments(client: Client) -> list[str]:
    return job(client)["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["args"]


def test_a_deleted_pruner_comes_back_with_the_defaults(client: Client) -> None:
    patch(client, {"schedule": "5 5 * * *", "suspend": True}, kinds.ImagePruner)
    wait(lambda: job(client)["suspend"], "the job is suspended")
    pruned(client, "Scheduled", "False", "Suspended")
    renew(client)
    assert client.get(kinds.ImagePruner, "cluster")["spec"] == image_pruner()["spec"]
    wait(lambda: job(client)["schedule"] == "0 0 * * *", "the job has the default schedule")


def test_a_change_reaches_the_job(client: Client) -> None:
    spec = {
        "schedule": "15 3 * * 0",
        "keepTagRevisions": 7,
        "keepYoungerThanDuration": "72h",
        "tolerations": [{"key": "infra", "operator": "Exists", "effect": "NoSchedule"}],
    }
    patch(client, spec, kinds.ImagePruner)
    wait(lambda: job(client)["schedule"] == "15 3 * * 0", "the job has the schedule")
    assert {"--keep-tag-revisions=7", "--keep-younger-than=72h0m0s"} <= set(arguments(client))
    pod = job(client)["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["tolerations"] == spec["tolerations"]


def test_a_schedule_that_is_none_degrades_pruner_and_operator(client: Client) -> None:
    patch(client, {"schedule": "every now and then"}, kinds.ImagePruner)
    live = pruned(client, "Degraded", "True", "SyncError")
    message = condition(live, "Degraded")[2]
    assert message.startswith(
        "Error: unable to apply objects: failed to update object *v1.CronJob, "
        'Namespace=openshift-image-registry, Name=image-pruner: CronJob.batch "image-pruner" is '
        'invalid: spec.schedule: Invalid value: "every now and then"'
    )
    assert condition(live, "Available")[:2] == ("True", "AsExpected")
    said = published(client, "Degraded", "True", "ImagePrunerSyncError")[2]
    assert said == f"ImagePrunerDegraded: {message}"
    patch(client, {"schedule": ""}, kinds.ImagePruner)
    pruned(client, "Degraded", "False", "AsExpected")
    published(client, "Degraded", "False", "AsExpected")


def test_only_image_objects_are_pruned_without_a_registry(lab: Lab, client: Client) -> None:
    reset(lab)
    wait(lambda: "--prune-registry=true" in arguments(client), "the registry is pruned")
    patch(client, {"managementState": "Removed"})
    settled(client, "Progressing", "False", "Removed")
    wait(lambda: "--prune-registry=false" in arguments(client), "the registry is left alone")
    pruned(client, "Degraded", "False", "AsExpected")
    reset(lab)


def test_a_failed_job_degrades_until_it_is_deleted(client: Client) -> None:
    template = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "cli"}]}
    made = client.create(
        kinds.Job(
            metadata={"name": "image-pruner-1", "namespace": REGISTRY},
            spec={"backoffLimit": 0, "template": {"spec": template}},
        )
    )
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    because = {
        "status": "True",
        "reason": "BackoffLimitExceeded",
        "message": "Job has reached the specified backoff limit",
        "lastTransitionTime": now,
        "lastProbeTime": now,
    }
    # The API server takes Failed only after FailureTarget, as the job controller would set them.
    conditions = [{"type": kind, **because} for kind in ("FailureTarget", "Failed")]
    status = {"startTime": now, "failed": 1, "conditions": conditions}
    client.replace(kinds.Job.Status({**made, "status": status}), name="image-pruner-1")
    pruned(client, "Failed", "True", "BackoffLimitExceeded")
    said = published(client, "Degraded", "True", "ImagePrunerJobFailed")[2]
    assert said == "ImagePrunerDegraded: Job has reached the specified backoff limit"
    client.delete(kinds.Job, "image-pruner-1", namespace=REGISTRY)
    pruned(client, "Degraded", "False", "AsExpected")


def test_what_the_job_needs_is_put_back(client: Client) -> None:
    client.delete(kinds.ServiceAccount, "pruner", namespace=REGISTRY)
    client.delete(kinds.ClusterRoleBinding, "openshift-image-registry-pruner")
    client.delete(kinds.CronJob, "image-pruner", namespace=REGISTRY)
    wait(lambda: client.get(kinds.ServiceAccount, "pruner", namespace=REGISTRY), "the account")
    name = "openshift-image-registry-pruner"
    wait(lambda: client.get(kinds.ClusterRoleBinding, name), "the binding")
    wait(lambda: job(client), "the job")
