"""The registry on a Cinder volume (guide 3.5), with the real engine, plugin and API server."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from lab import kinds
from lab.lab import Lab, say
from lab.verify import healthy, settle
from tests.lab.project import Project, client, config, delete, kubectl, storage

pytestmark = pytest.mark.lab

NAMESPACE = "openshift-image-registry"
NO_CHANGES = "--expect-no-changes"


def ours(live: dict[str, Any]) -> dict[str, Any]:
    """The fields that our manager owns on the live object, its one entry."""
    entries = [
        each
        for each in live["metadata"]["managedFields"]
        if each["manager"] == "openshift-registry"
    ]
    assert [each["operation"] for each in entries] == ["Apply"], entries
    return entries[0]["fieldsV1"]


def test_up_makes_what_the_guide_wants_and_the_operator_is_content(project: Project) -> None:
    ran = project.up()
    ran.ok()
    live = config(project.lab)
    assert live["spec"]["storage"] == {
        "managementState": "Unmanaged",
        "pvc": {"claim": "csi-pvc-imageregistry"},
    }
    conditions = settle(project.lab, say)
    assert healthy(conditions), conditions
    assert conditions["StorageExists"][0] == "True"
    # Verification step 1 of the guide: the claim in the custom resource.
    assert config(project.lab)["status"]["storage"]["pvc"]["claim"] == "csi-pvc-imageregistry"
    # Verification step 2: the claim is bound.
    claim = kubectl(
        project.lab, "-n", NAMESPACE, "get", "pvc", "csi-pvc-imageregistry", "-o", "json"
    )
    assert json.loads(claim)["status"]["phase"] == "Bound"


def test_we_own_the_wanted_fields_and_nothing_else(project: Project) -> None:
    project.apply()
    assert ours(config(project.lab)) == {
        "f:metadata": {
            "f:annotations": {
                "f:openshift-registry/instance": {},
                "f:pulumi.com/patchFieldManager": {},
                "f:pulumi.com/patchForce": {},
            }
        },
        "f:spec": {
            "f:managementState": {},
            "f:replicas": {},
            "f:rolloutStrategy": {},
            "f:storage": {"f:managementState": {}, "f:pvc": {"f:claim": {}}},
        },
    }


def test_again_changes_nothing_also_after_a_refresh(project: Project) -> None:
    project.apply()
    settle(project.lab, say)
    for arguments in (("preview",), ("up", "--yes")):
        ran = project.pulumi(*arguments, NO_CHANGES, "--stack", project.stack)
        ran.ok()
    ran = project.pulumi("refresh", "--yes", "--stack", project.stack)
    ran.ok()
    ran = project.preview(NO_CHANGES)
    ran.ok()


def test_one_change_changes_one_resource(project: Project) -> None:
    project.apply()
    sections = project.original()
    sections["registry"]["readOnly"] = True
    project.write(sections)
    ran = project.up()
    ran.ok()
    assert "~ 1 updated" in ran.output, ran
    assert config(project.lab)["spec"]["readOnly"] is True
    del sections["registry"]["readOnly"]
    project.write(sections)
    project.apply()
    assert "readOnly" not in config(project.lab)["spec"]


def test_the_platforms_own_storage_is_refused_unless_named(project: Project) -> None:
    before = config(project.lab)
    sections = project.original()
    del sections["storage"]["replaces"]
    project.write(sections)
    for ran in (project.preview(), project.up()):
        assert ran.code != 0
        assert "replaces: {pvc: {claim: image-registry-storage}}" in ran.output
        assert "Traceback" not in ran.output
    assert (
        config(project.lab)["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]
    )


def test_the_switch_never_shows_two_backends_or_none(project: Project) -> None:
    with watched(project.lab) as seen:
        project.apply()
        time.sleep(0.5)
    backends = [{key for key in each if key != "managementState"} for each in seen]
    assert all(len(each) == 1 for each in backends), backends
    assert seen[0]["pvc"]["claim"] == "image-registry-storage"
    assert seen[-1]["pvc"]["claim"] == "csi-pvc-imageregistry"


@pytest.mark.parametrize("foreign", ["emptyDir", "s3"])
def test_a_switch_from_another_kind_of_backend(project: Project, foreign: str) -> None:
    """Public cases C01, C37 and R11: the old key goes in the write that brings the new one."""
    block = {"emptyDir": {}, "s3": {"bucket": "reg-a", "region": "eu-west-1"}}[foreign]
    put_storage(project.lab, {"managementState": "Unmanaged", foreign: block, "pvc": None})
    sections = project.original()
    ran = project.preview()
    assert ran.code != 0, ran
    sections["storage"]["replaces"] = {foreign: {"bucket": "reg-a"} if block else {}}
    project.write(sections)
    with watched(project.lab) as seen:
        ran = project.up()
        ran.ok()
        time.sleep(0.5)
    assert all(len([key for key in each if key != "managementState"]) == 1 for each in seen), seen
    assert storage(project.lab) == {
        "managementState": "Unmanaged",
        "pvc": {"claim": "csi-pvc-imageregistry"},
    }
    assert set(ours(config(project.lab))["f:spec"]["f:storage"]) == {
        "f:managementState",
        "f:pvc",
    }


def test_down_leaves_everything_and_up_carries_on(project: Project) -> None:
    project.apply()
    settle(project.lab, say)
    before = config(project.lab)["spec"]
    ran = project.down()
    ran.ok()
    assert config(project.lab)["spec"] == before
    claim = json.loads(
        kubectl(project.lab, "-n", NAMESPACE, "get", "pvc", "csi-pvc-imageregistry", "-o", "json")
    )
    assert claim["status"]["phase"] == "Bound"
    assert "deletionTimestamp" not in claim["metadata"]
    kubectl(project.lab, "get", "storageclass", "custom-csi-storageclass")
    ran = project.up()
    ran.ok()
    project.unchanged()


def test_a_plain_destroy_is_refused(project: Project) -> None:
    project.apply()
    ran = project.pulumi("destroy", "--yes", "--stack", project.stack)
    assert ran.code != 0
    assert "protected" in ran.output
    kubectl(project.lab, "-n", NAMESPACE, "get", "pvc", "csi-pvc-imageregistry")


def test_takeover_is_told_with_the_present_manager(project: Project) -> None:
    ran = project.preview()
    ran.ok()
    line = (
        "spec.storage.pvc.claim: image-registry-storage -> csi-pvc-imageregistry "
        "(now cluster-image-registry-operator)"
    )
    assert line in ran.output, ran
    assert "images are not moved" in ran.output
    project.apply()
    again = project.preview().output
    assert "takes over" not in again and "images are not moved" not in again


def test_drift_on_our_fields_is_seen_and_mended(project: Project) -> None:
    project.apply()
    patch_config(project.lab, {"spec": {"rolloutStrategy": "RollingUpdate", "readOnly": True}})
    ran = project.pulumi("refresh", "--yes", "--stack", project.stack)
    ran.ok()
    assert project.preview(NO_CHANGES).code != 0
    project.apply()
    spec = config(project.lab)["spec"]
    assert spec["rolloutStrategy"] == "Recreate"
    assert spec["readOnly"] is True, "a field that isn't ours is left alone"


@pytest.mark.parametrize(
    "change",
    [
        {"spec": {"storage": {"managementState": "Managed"}}},
        {"spec": {"storage": {"pvc": {"claim": "image-registry-storage"}}}},
        {"spec": {"rolloutStrategy": "RollingUpdate"}},
    ],
)
def test_a_run_does_not_end_well_over_a_change_it_did_not_see(
    project: Project, change: dict[str, Any]
) -> None:
    """The engine compares with its state: "unchanged" is not "as wanted"."""
    project.apply()
    patch_config(project.lab, change)
    project.up().refused("changed by somebody else", "kubectl-patch", "--refresh --run-program")
    project.up("--refresh", "--run-program").ok()
    live = config(project.lab)["spec"]
    assert live["storage"] == {
        "managementState": "Unmanaged",
        "pvc": {"claim": "csi-pvc-imageregistry"},
    }
    assert live["rolloutStrategy"] == "Recreate"
    project.up(NO_CHANGES).ok()


def test_a_custom_resource_made_anew_is_not_taken_for_ours(project: Project) -> None:
    project.apply()
    delete(project.lab, kinds.Config, "cluster", None)
    deadline = time.monotonic() + 20
    while not storage(project.lab) and time.monotonic() < deadline:
        time.sleep(0.1)
    project.up().refused("changed by somebody else", "--refresh --run-program")
    project.up("--refresh", "--run-program").ok()
    assert storage(project.lab)["pvc"] == {"claim": "csi-pvc-imageregistry"}


def test_a_claim_that_is_gone_is_not_made_anew(project: Project) -> None:
    project.apply()
    settle(project.lab, say)
    kubectl(project.lab, "-n", NAMESPACE, "delete", "pvc", "csi-pvc-imageregistry")
    project.up().refused("gone from the cluster", "Released")
    project.up("--refresh", "--run-program").refused("gone from the cluster")


def test_managed_storage_is_not_removed_with_the_registry(project: Project) -> None:
    """Guide 2.5: under Managed the operator deletes it."""
    put_storage(project.lab, {"managementState": "Managed"})
    sections = project.original()
    del sections["storage"]
    project.write({**sections, "registry": {"managementState": "Removed", "replicas": 1}})
    project.up().refused("registry.managementState", "deletes it with all images")
    kubectl(project.lab, "-n", NAMESPACE, "get", "pvc", "image-registry-storage")


def test_a_claim_is_handed_over_as_documented(project: Project) -> None:
    """docs/how-to/refresh-and-hand-over.md"""
    project.apply()
    sections = project.original()
    sections["storage"] = {"kind": "claim", "claim": {"use": {"name": "csi-pvc-imageregistry"}}}
    sections["registry"] = {"replicas": 1, "rolloutStrategy": "Recreate"}
    project.write(sections)
    assert project.preview().code != 0, "protected"
    resources = project.state()["deployment"]["resources"]
    (urn,) = [each["urn"] for each in resources if each["type"].endswith(":PersistentVolumeClaim")]
    project.pulumi("state", "unprotect", urn, "--yes", "--stack", project.stack).ok()
    project.apply()
    kubectl(project.lab, "-n", NAMESPACE, "get", "pvc", "csi-pvc-imageregistry")
    kubectl(project.lab, "get", "storageclass", "custom-csi-storageclass")
    assert storage(project.lab)["pvc"] == {"claim": "csi-pvc-imageregistry"}
    project.unchanged()


def test_a_volume_that_is_named_no_longer_stays_with_its_claim(project: Project) -> None:
    """The API server lets nobody take `volumeName` out of a claim."""
    spec = {
        "accessModes": ["ReadWriteOnce"],
        "capacity": {"storage": "100Gi"},
        "csi": {"driver": "cinder.csi.openstack.org", "volumeHandle": "theirs", "fsType": "ext4"},
        "persistentVolumeReclaimPolicy": "Retain",
        "storageClassName": "standard-csi",
    }
    theirs = {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "theirs"}}
    kubectl(project.lab, "apply", "-f", "-", stdin=json.dumps({**theirs, "spec": spec}))
    sections = project.original()
    sections["storage"]["storageClass"] = {"use": {"name": "standard-csi"}}
    sections["storage"]["volume"] = {"use": {"name": "theirs"}}
    project.write(sections)
    project.apply()
    del sections["storage"]["volume"]
    project.write(sections)
    project.unchanged()
    sections["storage"]["claim"]["create"]["labels"] = {"team": "one"}
    project.write(sections)
    project.apply()
    live = client(project.lab).get(
        kinds.PersistentVolumeClaim, "csi-pvc-imageregistry", namespace=NAMESPACE
    )
    assert live["spec"]["volumeName"] == "theirs"
    assert live["metadata"]["labels"]["team"] == "one"


def put_storage(lab: Lab, block: dict[str, Any]) -> None:
    patch_config(lab, {"spec": {"storage": block}})


def patch_config(lab: Lab, patch: dict[str, Any]) -> None:
    kind = "configs.imageregistry.operator.openshift.io"
    kubectl(lab, "patch", kind, "cluster", "--type=merge", "-p", json.dumps(patch))


@contextmanager
def watched(lab: Lab) -> Iterator[list[dict[str, Any]]]:
    """Every `spec.storage` that the live object has had, the first one included."""
    from lightkube.generic_resource import create_global_resource

    configs = create_global_resource(
        "imageregistry.operator.openshift.io", "v1", "Config", "configs"
    )
    seen: list[dict[str, Any]] = []
    client = lab.client()

    def watch() -> None:
        # Ends by itself, or with the lab.
        with suppress(Exception):
            for _, live in client.watch(configs, server_timeout=30):
                seen.append(live.to_dict()["spec"].get("storage", {}))

    threading.Thread(target=watch, daemon=True).start()
    deadline = time.monotonic() + 10
    while not seen and time.monotonic() < deadline:
        time.sleep(0.02)
    assert seen, "the watch saw nothing"
    yield seen
