"""Storage in a bucket that the cluster gives out, from the first preview to `down` and back.

The lab's stores give out buckets and keys as Ceph RGW and NooBaa do, and the registry that runs
keeps its images in them.
"""

import base64
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import kinds
from lab.lab import Lab, say
from lab.verify import healthy, settle
from tests.certificates import ROOT
from tests.lab.conftest import LabOf
from tests.lab.planes import SharedLab
from tests.lab.project import Project, Ran, config, get, kubectl, storage
from tests.lab.test_registry import works

pytestmark = pytest.mark.lab

NAMESPACE, TRUST = "openshift-image-registry", "openshift-config"
SECRET, BUNDLE = "image-registry-private-configuration-user", "image-registry-s3-bundle"
KEYS = {
    "REGISTRY_STORAGE_S3_ACCESSKEY": "AWS_ACCESS_KEY_ID",
    "REGISTRY_STORAGE_S3_SECRETKEY": "AWS_SECRET_ACCESS_KEY",
}
STACKS = {
    "lab-rgw": ("ocs-storagecluster-ceph-rgw", "ocs-storagecluster-cephobjectstore"),
    "lab-noobaa": ("openshift-storage.noobaa.io", "s3"),
}
"""Stack -> class and route."""


@pytest.fixture(scope="module", params=STACKS)
def applied(
    request: pytest.FixtureRequest, lab_of: LabOf, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """Applied to a cluster as installed; each test leaves it as found."""
    lab = lab_of("4.15", request.param)
    project = Project(tmp_path_factory.mktemp(request.param), lab)
    preview = project.preview("--diff").ok()
    assert re.search(r"bucket +: \[unknown\]", preview.output), preview
    assert "8 to create" in preview.output
    up = project.up("--diff").ok()
    hidden(project, preview.output, up.output)
    yield project


def claim_of(project: Project) -> tuple[str, str]:
    """Its name and namespace."""
    given = project.original()["storage"]["claim"]["create"]
    return given["name"], given.get("namespace", NAMESPACE)


def decoded(lab: Lab, name: str, namespace: str) -> dict[str, str]:
    data = get(lab, kinds.Secret, name, namespace)["data"]
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def given_keys(project: Project) -> dict[str, str]:
    """What the provisioner has written, by the names that the operator reads."""
    found = decoded(project.lab, *claim_of(project))
    return {ours: found[theirs] for ours, theirs in KEYS.items()}


def hidden(project: Project, *texts: str) -> None:
    """Neither a key nor its base64, which is how a secret holds it, is in any of these."""
    for key in given_keys(project).values():
        for form in (key, base64.b64encode(key.encode()).decode()):
            assert not any(form in text for text in texts)


def bundle(lab: Lab) -> str:
    """Whom the registry trusts."""
    data = get(lab, kinds.ConfigMap, BUNDLE, TRUST)["data"]
    assert set(data) == {"ca-bundle.crt"}
    return data["ca-bundle.crt"]


def well(lab: Lab) -> None:
    conditions = settle(lab, say)
    assert healthy(conditions), conditions


def one_changed(ran: Ran) -> Ran:
    ran.ok()
    assert "~ 1 updated" in ran.output, ran
    assert not re.search(r"created|deleted|replaced", ran.output.split("Resources:")[-1]), ran
    return ran


def test_the_guides_claim_has_a_bucket(applied: Project) -> None:
    """Guide 3.8.1 and 3.8.2, step 1."""
    name, namespace = claim_of(applied)
    live = get(applied.lab, kinds.ObjectBucketClaim, name, namespace)
    assert live["status"]["phase"] == "Bound"
    assert live["spec"]["storageClassName"] == STACKS[applied.stack][0]
    assert live["spec"]["generateBucketName"] == name


def test_the_guides_custom_resource(applied: Project) -> None:
    """Guide 3.8.1 and 3.8.2, step 7, with the bucket that was generated; public case C31."""
    name, namespace = claim_of(applied)
    bucket = get(applied.lab, kinds.ConfigMap, name, namespace)["data"]["BUCKET_NAME"]
    assert bucket != name and bucket.startswith(f"{name[:26]}-")
    route = get(applied.lab, kinds.Route, STACKS[applied.stack][1], "openshift-storage")
    spec = config(applied.lab)["spec"]
    assert (spec["managementState"], spec["replicas"]) == ("Managed", 2)
    assert spec["storage"] == {
        "managementState": "Unmanaged",
        "s3": {
            "bucket": bucket,
            "region": "us-east-1",
            "regionEndpoint": f"https://{route['spec']['host']}",
            "virtualHostedStyle": False,
            "encrypt": False,
            "trustedCA": {"name": BUNDLE},
        },
    }


def test_the_guides_secret_and_map(applied: Project) -> None:
    """Guide 3.8.1 and 3.8.2, steps 4 and 6."""
    assert decoded(applied.lab, SECRET, NAMESPACE) == given_keys(applied)
    router = get(applied.lab, kinds.ConfigMap, "default-ingress-cert", "openshift-config-managed")
    own = get(applied.lab, kinds.ConfigMap, "openshift-service-ca.crt", NAMESPACE)
    for text in (router["data"]["ca-bundle.crt"], own["data"]["service-ca.crt"]):
        assert text.strip() in bundle(applied.lab)


def test_images_go_there_and_come_back(applied: Project) -> None:
    well(applied.lab)
    works(applied.lab)


def test_again_changes_nothing_also_after_a_refresh(applied: Project) -> None:
    """Nor is what the provisioner adds to the claim a change of it."""
    applied.again("up again:")
    refresh = applied.refresh("--diff")
    refresh.ok("refresh:")
    assert "8 unchanged" in refresh.output, refresh
    applied.unchanged("preview after it:")
    applied.again("up after it:")
    hidden(applied, refresh.output, applied.raw_state())


def test_keys_are_nowhere(applied: Project, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    said = [
        applied.preview("--logtostderr", "-v=9", "--save-plan", str(plan)).output,
        plan.read_text(),
        applied.preview("--json").output,
        applied.pulumi("stack", "export", "--stack", applied.stack).output,
        applied.pulumi("stack", "output", "--json", "--stack", applied.stack).output,
        applied.raw_state(),
    ]
    assert SECRET in said[-1]
    hidden(applied, *said)


def test_keys_that_the_provisioner_changes_are_taken_over_in_place(applied: Project) -> None:
    name, namespace = claim_of(applied)
    old = decoded(applied.lab, name, namespace)
    before = get(applied.lab, kinds.Secret, SECRET, NAMESPACE)["metadata"]["uid"]
    new = {key: f"CANARY0{key}" for key in KEYS.values()}
    write(applied.lab, name, namespace, new)
    preview = applied.preview("--diff").ok()
    assert "[secret] => [secret]" in preview.output and "~ 1 to update" in preview.output, preview
    up = one_changed(applied.up("--diff"))
    after = get(applied.lab, kinds.Secret, SECRET, NAMESPACE)["metadata"]["uid"]
    assert after == before and decoded(applied.lab, SECRET, NAMESPACE) == given_keys(applied)
    hidden(applied, preview.output, up.output, applied.raw_state())
    write(applied.lab, name, namespace, old)
    one_changed(applied.up("--refresh"))
    well(applied.lab)
    works(applied.lab)


def write(lab: Lab, name: str, namespace: str, keys: dict[str, str]) -> None:
    change = json.dumps({"stringData": keys})
    kubectl(lab, "-n", namespace, "patch", "secret", name, "--type=merge", "-p", change)


def test_a_new_certificate_is_a_change_of_the_next_plan(applied: Project) -> None:
    place = ("default-ingress-cert", "openshift-config-managed")
    old = get(applied.lab, kinds.ConfigMap, *place)["data"]["ca-bundle.crt"]
    other = ROOT.pem
    publish(applied.lab, *place, old + other)
    one_changed(applied.apply())
    assert other.strip() in bundle(applied.lab)
    publish(applied.lab, *place, old)
    one_changed(applied.apply())
    assert other.strip() not in bundle(applied.lab)


def publish(lab: Lab, name: str, namespace: str, text: str) -> None:
    change = json.dumps({"data": {"ca-bundle.crt": text}})
    kubectl(lab, "-n", namespace, "patch", "configmap", name, "--type=merge", "-p", change)


def test_a_claim_without_its_secret_is_named(applied: Project) -> None:
    name, namespace = claim_of(applied)
    old = decoded(applied.lab, name, namespace)
    write(applied.lab, name, namespace, {"AWS_ACCESS_KEY_ID": ""})
    says = (f"bucket claim {namespace}/{name} has no bucket to use", "has no AWS_ACCESS_KEY_ID")
    applied.preview().refused(*says)
    applied.up("--skip-preview").refused(*says)
    write(applied.lab, name, namespace, old)
    applied.unchanged()


def test_a_preview_without_a_cluster_shows_what_it_does_not_know(applied: Project) -> None:
    ran = applied.preview("--diff", environment={"KUBECONFIG": "/nowhere"}).ok()
    assert "did not check" in ran.output
    assert re.search(r"bucket +: \S+ +=> \[unknown\]", ran.output), ran
    hidden(applied, ran.output)


def test_another_provider_is_refused(applied: Project) -> None:
    sections = applied.original()
    sections["storage"]["provider"] = "noobaa" if applied.stack == "lab-rgw" else "rgw"
    applied.write(sections)
    applied.preview().refused("a claim can't change its class", "[guard:claim-immutable]")
    applied.write(applied.original())


def test_a_plain_destroy_is_refused(applied: Project) -> None:
    ran = applied.pulumi("destroy", "--yes", "--stack", applied.stack)
    ran.refused("protect")


def test_down_keeps_all_that_the_registry_refers_to_and_up_carries_on(applied: Project) -> None:
    well(applied.lab)
    name, namespace = claim_of(applied)
    before, keys = config(applied.lab)["spec"], given_keys(applied)
    hidden(applied, applied.down().ok().output)
    assert config(applied.lab)["spec"] == before
    assert get(applied.lab, kinds.ObjectBucketClaim, name, namespace)["status"]["phase"] == "Bound"
    assert decoded(applied.lab, SECRET, NAMESPACE) == keys == given_keys(applied)
    assert "BEGIN CERTIFICATE" in bundle(applied.lab)
    works(applied.lab)
    applied.apply()
    applied.unchanged()
    assert config(applied.lab)["spec"] == before
    works(applied.lab)


# On a cluster of their own.


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Project]:
    own = SharedLab("lab-noobaa", tmp_path / "lab")
    own.start(say)
    try:
        yield Project(tmp_path / "project", own)
    finally:
        own.stop()


GUIDES_CLAIM = {
    "apiVersion": "objectbucket.io/v1alpha1",
    "kind": "ObjectBucketClaim",
    "metadata": {"name": "noobaatest", "namespace": "openshift-storage"},
    "spec": {
        "storageClassName": "openshift-storage.noobaa.io",
        "generateBucketName": "noobaatest",
    },
}


def test_a_claim_of_somebody_else_by_the_service(fresh: Project) -> None:
    """Guide 3.8.2, step 1, has been done by hand."""
    used = {"use": {"name": "noobaatest", "namespace": "openshift-storage"}}
    sections = fresh.original()
    sections["storage"] |= {"claim": used, "endpoint": {"service": {}}}
    fresh.write(sections)
    fresh.preview().refused("there is no such object in the cluster", "[guard:missing]")
    kubectl(fresh.lab, "apply", "-f", "-", stdin=json.dumps(GUIDES_CLAIM))
    phase = ("jsonpath={.status.phase}=Bound", "--timeout=30s", "obc/noobaatest")
    kubectl(fresh.lab, "-n", "openshift-storage", "wait", "--for", *phase)
    before = get(fresh.lab, kinds.ObjectBucketClaim, "noobaatest", "openshift-storage")
    fresh.apply()
    fresh.unchanged()
    assert get(fresh.lab, kinds.ObjectBucketClaim, "noobaatest", "openshift-storage") == before
    assert config(fresh.lab)["spec"]["disableRedirect"] is True
    found = storage(fresh.lab)["s3"]
    assert found["regionEndpoint"] == "https://s3.openshift-storage.svc"
    assert found["bucket"] == before["spec"]["bucketName"]
    well(fresh.lab)
    works(fresh.lab)


def test_a_claim_that_nobody_serves_ends_in_words(fresh: Project) -> None:
    """And the registry is as it was; the next run carries on."""
    before = config(fresh.lab)["spec"]
    impatient(fresh)
    nobodys = get(fresh.lab, kinds.StorageClass, "openshift-storage.noobaa.io")
    nobodys["metadata"] = {"name": "nobodys"}
    nobodys["provisioner"] = "elsewhere.noobaa.io/obc"
    kubectl(fresh.lab, "apply", "-f", "-", stdin=json.dumps(nobodys))
    sections = fresh.original()
    sections["storage"]["claim"]["create"]["storageClassName"] = "nobodys"
    fresh.write(sections)
    fresh.up().refused(
        "the bucket claim openshift-image-registry/image-registry-storage has no bucket to use",
        "after 2 seconds nobody has looked at it yet",
        "`oc describe obc -n openshift-image-registry image-registry-storage`",
    )
    assert config(fresh.lab)["spec"] == before
    again = fresh.preview("--diff").ok()
    assert re.search(r"bucket +: \[unknown\]", again.output), again
    assert "2 to create" in again.output, again


def impatient(project: Project) -> None:
    """Its program waits for two seconds."""
    parts = project.directory / "components"
    shutil.copytree(
        parts.resolve(), project.directory / "copy", ignore=shutil.ignore_patterns("__p*")
    )
    parts.unlink()
    (project.directory / "copy").rename(parts)
    program = parts / "claimed_bucket.py"
    text = program.read_text()
    assert "PATIENCE = 180.0" in text
    program.write_text(text.replace("PATIENCE = 180.0", "PATIENCE = 2.0"))
