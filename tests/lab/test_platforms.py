"""Each platform's lab stack through its life, and the guide's verification steps on it.

One lab and one applied stack a platform, shared by the tests here alone: each leaves them as
found.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from lightkube.types import PatchType

from lab import kinds
from lab.lab import say
from lab.verify import healthy, settle
from tests.lab.operator.live import wait
from tests.lab.operator.objects import condition
from tests.lab.planes import SharedLab
from tests.lab.project import Project, config, get, kubectl, storage
from tests.lab.test_registry import works

pytestmark = pytest.mark.lab

NAMESPACE = "openshift-image-registry"

CLAIMS = {
    "lab-vsphere": "registry-storage-pvc",
    "lab-nutanix": "registry-storage-pvc",
    "lab-baremetal-pvc": "registry-storage-pvc",
    "lab-baremetal-block": "registry-storage-pvc",
    "lab-cephfs": "registry-storage-pvc",
}
SHARED = ("lab-baremetal-pvc", "lab-cephfs")
STACKS = (*CLAIMS, "lab-emptydir", "lab-managed")


@pytest.fixture(scope="module", params=STACKS)
def applied(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """The stack, applied to a cluster of its own, as installed: there was no registry pod."""
    folder = tmp_path_factory.mktemp(request.param)
    lab = SharedLab(request.param, folder / "lab")
    lab.start(say)
    if request.param != "lab-managed":
        # Guide 3.6.3.1, step 2, and 3.6.1: Removed, no storage, no pod.
        assert config(lab)["spec"]["managementState"] == "Removed"
        assert deployment(lab) is None
    project = Project(folder / "project", lab)
    project.up().ok()
    conditions = settle(lab, say)
    assert healthy(conditions), conditions
    yield project
    lab.stop()


def only(*stacks: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("applied", stacks, indirect=True, scope="module")


def test_the_operator_is_healthy(applied: Project) -> None:
    """Guide 3.6.3.1, step 4; 3.6.2: the registry is Managed now."""
    conditions = settle(applied.lab, say)
    assert healthy(conditions), conditions
    assert conditions["Available"][1] == "Ready"

    def published() -> tuple[str, ...]:
        operator = get(applied.lab, kinds.ClusterOperator, "image-registry")
        wanted = ("Available", "Progressing", "Degraded")
        return tuple(condition(operator, each)[0] for each in wanted)

    wait(lambda: published() == ("True", "False", "False"), "the ClusterOperator says so too")
    assert config(applied.lab)["spec"]["managementState"] == "Managed"


def test_the_pods_are_there(applied: Project) -> None:
    """Guide 4.3: as many as wanted, ready."""
    wanted = config(applied.lab)["spec"]["replicas"]
    assert wanted == (2 if applied.stack in SHARED else 1)
    live = deployment(applied.lab)
    assert live is not None
    assert live["status"]["readyReplicas"] == wanted


def test_images_go_in_and_out(applied: Project) -> None:
    """Guide 4.2: pushed and pulled, through the registry that runs there."""
    works(applied.lab)


@only(*CLAIMS)
def test_the_claim_is_bound_and_named(applied: Project) -> None:
    """Guide 3.5.1, verification; 3.6.3.1, step 3."""
    name = CLAIMS[applied.stack]
    claim = get(applied.lab, kinds.PersistentVolumeClaim, name, NAMESPACE)
    assert claim["status"]["phase"] == "Bound"
    assert claim["spec"]["accessModes"] == [
        "ReadWriteMany" if applied.stack in SHARED else "ReadWriteOnce"
    ]
    assert storage(applied.lab) == {"managementState": "Unmanaged", "pvc": {"claim": name}}
    assert config(applied.lab)["status"]["storage"]["pvc"] == {"claim": name}


@only("lab-vsphere", "lab-nutanix", "lab-baremetal-block")
def test_block_storage_has_one_pod_and_recreate(applied: Project) -> None:
    """Guide 3.6.3.3, 3.7.3.3, 3.9.3.3, step 1."""
    spec = config(applied.lab)["spec"]
    assert (spec["replicas"], spec["rolloutStrategy"]) == (1, "Recreate")


@only("lab-baremetal-pvc", "lab-baremetal-block")
def test_the_volume_is_ours_and_kept(applied: Project) -> None:
    """Guide 3.6.3.3, step 2: the volume of the block device, and the claim for it."""
    claim = get(applied.lab, kinds.PersistentVolumeClaim, CLAIMS[applied.stack], NAMESPACE)
    volume = get(applied.lab, kinds.PersistentVolume, claim["spec"]["volumeName"])
    assert volume["status"]["phase"] == "Bound"
    assert volume["spec"]["persistentVolumeReclaimPolicy"] == "Retain"
    reference = volume["spec"]["claimRef"]
    assert (reference["namespace"], reference["name"]) == (NAMESPACE, claim["metadata"]["name"])


@only("lab-cephfs")
def test_the_class_is_cephfs_and_the_policy_says_what_is_better(applied: Project) -> None:
    """Guide 3.6.4, step 1 and note: object storage where there is some."""
    claim = get(applied.lab, kinds.PersistentVolumeClaim, CLAIMS[applied.stack], NAMESPACE)
    assert claim["spec"]["storageClassName"] == "ocs-storagecluster-cephfs"
    said = applied.preview().ok().output
    assert "object-storage-over-cephfs" in said and "[guard:cephfs]" in said


@only("lab-baremetal-pvc")
def test_the_policy_warns_of_nfs(applied: Project) -> None:
    """Guide 3.7.3.1, Important: the NFS server of RHEL."""
    assert "rhel-nfs" in applied.preview().ok().output


@only("lab-emptydir")
def test_empty_dir_is_the_storage(applied: Project) -> None:
    """Guide 3.6.3.2."""
    assert storage(applied.lab) == {"managementState": "Unmanaged", "emptyDir": {}}
    assert "lost" in applied.preview().output


@only("lab-managed")
def test_the_clusters_own_storage_is_left_alone(applied: Project) -> None:
    """Guide 2.1: what the operator configured at installation."""
    assert storage(applied.lab)["pvc"] == {"claim": "image-registry-storage"}
    entries = config(applied.lab)["metadata"]["managedFields"]
    (ours,) = [each for each in entries if each["manager"] == "openshift-registry"]
    assert "f:storage" not in ours["fieldsV1"]["f:spec"]
    assert "f:rolloutStrategy" not in ours["fieldsV1"]["f:spec"]


@only("lab-managed", "lab-baremetal-pvc")
def test_additional_trust(applied: Project) -> None:
    """Guide 2.7: the map, its reference, and that the registry trusts it."""
    name = get(applied.lab, kinds.Image, "cluster")["spec"]["additionalTrustedCA"]
    data = get(applied.lab, kinds.ConfigMap, name["name"], "openshift-config")["data"]
    assert data and all(host.startswith("mirror.example.test") for host in data)

    def trusted() -> bool:
        own = get(applied.lab, kinds.ConfigMap, "image-registry-certificates", NAMESPACE)["data"]
        return all(own.get(host) == certificates for host, certificates in data.items())

    wait(trusted, "the registry trusts them")


@only("lab-vsphere", "lab-managed")
def test_the_default_route_has_a_host(applied: Project) -> None:
    """Guide 5.1, steps 1 and 2; 2.6."""
    route = get(applied.lab, kinds.Route, "default-route", NAMESPACE)
    (ingress,) = route["status"]["ingress"]
    assert ingress["host"].startswith("default-route-openshift-image-registry.apps.")
    assert ingress["conditions"][0]["status"] == "True"
    assert route["spec"]["tls"]["termination"] == "reencrypt"

    def published() -> bool:
        status = get(applied.lab, kinds.Image, "cluster")["status"]
        return ingress["host"] in status.get("externalRegistryHostnames", ())

    wait(published, "image.config names the host")


@only("lab-cephfs")
def test_a_route_with_its_own_certificate(applied: Project) -> None:
    """Guide 5.2, custom routes; public case C26."""
    section = applied.original()["exposure"]["routes"][0]
    made = section["certificate"]["create"]
    route = get(applied.lab, kinds.Route, "public", NAMESPACE)
    assert route["spec"]["host"] == section["hostname"]
    tls = route["spec"]["tls"]
    assert tls["certificate"].strip() == made["tls.crt"].strip()
    assert tls["caCertificate"].strip() == made["tls.cacrt"].strip()
    assert tls["key"].startswith("-----BEGIN PRIVATE KEY-----")
    secret = get(applied.lab, kinds.Secret, made["name"], NAMESPACE)
    assert set(secret["data"]) == {"tls.crt", "tls.key", "tls.cacrt"}
    image = get(applied.lab, kinds.Image, "cluster")["spec"]
    assert image["externalRegistryHostnames"] == [section["hostname"]]


@only("lab-nutanix")
def test_who_may_pull_and_push(applied: Project) -> None:
    """Guide 4.1: registry-viewer and registry-editor, as the API server decides."""

    viewer = {"user": "bob", "groups": ["developers"]}
    assert may(applied, "get", LAYERS, **viewer)
    assert may(applied, "get", LAYERS, "kube-public", **viewer)
    assert not may(applied, "update", LAYERS, **viewer)
    assert may(applied, "update", LAYERS, user="alice")
    assert not may(applied, "update", LAYERS, "kube-public", user="alice")
    assert may(applied, "update", LAYERS, user="system:serviceaccount:default:builder")
    assert not may(applied, "get", LAYERS, user="mallory")


@only("lab-nutanix")
def test_who_may_read_metrics(applied: Project) -> None:
    """Guide 4.5: the role prometheus-scraper, made and bound."""
    role = get(applied.lab, kinds.ClusterRole, "prometheus-scraper")
    assert role["rules"] == [
        {"apiGroups": ["image.openshift.io"], "resources": ["registry/metrics"], "verbs": ["get"]}
    ]
    metrics = ("image.openshift.io", "registry", "metrics")
    assert may(applied, "get", metrics, user="grafana")
    assert not may(applied, "get", metrics, user="mallory")


@only("lab-managed")
def test_who_may_build(applied: Project) -> None:
    """Guide 4.2, step 4: system:image-builder in the project."""
    who = {"user": "bob", "groups": ["builders"]}
    assert may(applied, "update", LAYERS, "openshift", **who)
    assert not may(applied, "update", LAYERS, "kube-public", **who)


@only("lab-baremetal-block", "lab-managed")
def test_the_pruner_does_as_told(applied: Project) -> None:
    """Guide 2.1, Important: it prunes the registry too while that is Managed."""
    job = get(applied.lab, kinds.CronJob, "image-pruner", NAMESPACE)
    section = applied.original()["pruning"]
    assert job["spec"]["schedule"] == section.get("schedule", "0 0 * * *")
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    text = " ".join([*container.get("command", []), *container.get("args", [])])
    assert f"--keep-tag-revisions={section['keepTagRevisions']}" in text
    assert "--prune-registry=true" in text


@only("lab-managed")
def test_the_operators_parameters_reach_the_registry(applied: Project) -> None:
    """Guide 2.5: logLevel, requests."""
    live = deployment(applied.lab)
    assert live is not None
    (container,) = live["spec"]["template"]["spec"]["containers"]
    environment = {each["name"]: each.get("value") for each in container["env"]}
    assert environment["REGISTRY_LOG_LEVEL"] == "debug"
    assert environment["REGISTRY_OPENSHIFT_REQUESTS_READ_MAXRUNNING"] == "200"


def test_again_changes_nothing_also_after_a_refresh(applied: Project) -> None:
    applied.again("up again:")
    applied.refresh().ok("refresh:")
    applied.unchanged("preview after it:")
    applied.again("up after it:")


def test_drift_is_seen_at_night(applied: Project) -> None:
    assert applied.drift() == (0, [])
    live = config(applied.lab)["spec"]
    # Each stack owns one of them.
    key = "defaultRoute" if applied.stack == "lab-managed" else "replicas"
    value = not live[key] if key == "defaultRoute" else live[key] + 1
    kind, client = kinds.Config, applied.lab.client()
    client.patch(kind, "cluster", {"spec": {key: value}}, patch_type=PatchType.MERGE)
    try:
        assert applied.drift() == (4, [f"ConfigPatch spec.{key}"])
    finally:
        client.patch(kind, "cluster", {"spec": {key: live[key]}}, patch_type=PatchType.MERGE)
    conditions = settle(applied.lab, say)
    assert healthy(conditions), conditions


CHANGES: dict[str, tuple[str, Any]] = {
    "lab-vsphere": ("storage.claim", {"create": {"size": "200Gi"}}),
    "lab-nutanix": ("access.bindings.1.subjects.0.name", "carol"),
    "lab-baremetal-pvc": ("registry.replicas", 3),
    "lab-baremetal-block": ("pruning.keepTagRevisions", 7),
    "lab-cephfs": ("registry.disableRedirect", True),
    "lab-emptydir": ("registry.readOnly", True),
    "lab-managed": ("exposure.defaultRoute", False),
}


def test_one_change_changes_one_resource(applied: Project) -> None:
    path, value = CHANGES[applied.stack]
    sections = applied.original()
    here: Any = sections
    *parents, last = path.split(".")
    for part in parents:
        here = here[int(part)] if part.isdigit() else here.setdefault(part, {})
    here[last] = value
    applied.write(sections)
    ran = applied.up().ok()
    assert re.search(r"~ 1 (to update|updated)", ran.output), ran
    assert "created" not in ran.output.split("Resources:")[1], ran
    conditions = settle(applied.lab, say)
    assert healthy(conditions), conditions
    applied.unchanged()
    if applied.stack == "lab-vsphere":
        return  # a claim can't shrink
    applied.write(applied.original())
    applied.apply()
    settle(applied.lab, say)


def test_down_leaves_everything_that_matters_and_up_carries_on(applied: Project) -> None:
    lab = applied.lab
    settle(lab, say)
    before = config(lab)["spec"]
    image = get(lab, kinds.Image, "cluster")["spec"]
    pruner = get(lab, kinds.ImagePruner, "cluster")["spec"]
    applied.down().ok()
    assert config(lab)["spec"] == before
    assert get(lab, kinds.Image, "cluster")["spec"] == image
    assert get(lab, kinds.ImagePruner, "cluster")["spec"] == pruner
    if applied.stack in CLAIMS:
        claim = get(lab, kinds.PersistentVolumeClaim, CLAIMS[applied.stack], NAMESPACE)
        assert claim["status"]["phase"] == "Bound"
        assert "deletionTimestamp" not in claim["metadata"]
    if "additionalTrustedCA" in image:
        get(lab, kinds.ConfigMap, image["additionalTrustedCA"]["name"], "openshift-config")
    for route in before.get("routes", []):
        if "secretName" in route:
            get(lab, kinds.Secret, route["secretName"], NAMESPACE)
    assert healthy(settle(lab, say))
    applied.apply()
    applied.unchanged()
    assert healthy(settle(lab, say))


LAYERS = ("image.openshift.io", "imagestreams", "layers")


def may(
    project: Project, verb: str, what: tuple[str, str, str], namespace: str = "default", **who: Any
) -> bool:
    """As the API server decides: may somebody do this to that subresource?"""
    group, resource, part = what
    attributes = {"group": group, "resource": resource, "subresource": part, "verb": verb}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"resourceAttributes": {**attributes, "namespace": namespace}, **who},
    }
    said = kubectl(project.lab, "create", "-f", "-", "-o", "json", stdin=json.dumps(review))
    return json.loads(said)["status"]["allowed"]


def deployment(lab: Any) -> dict[str, Any] | None:
    said = kubectl(
        lab,
        "-n",
        NAMESPACE,
        "get",
        "deployment",
        "image-registry",
        "-o",
        "json",
        "--ignore-not-found",
    )
    return json.loads(said) if said else None
