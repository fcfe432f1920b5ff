"""What exists is imported and owned from then on, without a change to it."""

import json
import re

import pytest

from tests.lab.project import Project, kubectl
from tests.lab.test_refusals import make_claim

pytestmark = pytest.mark.lab

THEIRS = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "theirs", "annotations": {"made-by": "somebody"}},
    "provisioner": "cinder.csi.openstack.org",
    "reclaimPolicy": "Delete",
    "volumeBindingMode": "WaitForFirstConsumer",
    "allowVolumeExpansion": True,
}


def test_an_existing_claim_and_class_are_imported_as_they_are(project: Project) -> None:
    kubectl(project.lab, "apply", "-f", "-", stdin=json.dumps(THEIRS))
    make_claim(project.lab, "theirs")
    get = ("-n", "openshift-image-registry", "get", "pvc", "csi-pvc-imageregistry", "-o", "json")
    before = json.loads(kubectl(project.lab, *get))
    sections = project.original()
    sections["storage"] |= {
        "storageClass": {
            "adopt": {
                "name": "theirs",
                "reclaimPolicy": "Delete",
                "volumeBindingMode": "WaitForFirstConsumer",
            }
        },
        "claim": {"adopt": {"name": "csi-pvc-imageregistry", "size": "100Gi"}},
    }
    project.write(sections)
    ran = project.preview()
    ran.ok()
    assert "= 2 to import" in ran.output, ran
    removed = re.findall(r"^\s*- .*", project.preview("--diff").output, re.MULTILINE)
    assert not removed, "nothing that others have put on them is planned for removal"
    project.apply()
    after = json.loads(kubectl(project.lab, *get))
    assert after["metadata"]["uid"] == before["metadata"]["uid"]
    assert after["metadata"]["annotations"].items() >= before["metadata"]["annotations"].items()
    assert after["metadata"]["finalizers"] == before["metadata"]["finalizers"]
    project.unchanged()
    project.refresh().ok()
    project.unchanged()
    sections["storage"]["claim"]["adopt"]["size"] = "150Gi"
    project.write(sections)
    project.apply()
    project.unchanged()
    grown = json.loads(kubectl(project.lab, *get))
    assert grown["spec"]["resources"]["requests"]["storage"] == "150Gi"


def test_the_claim_in_use_is_adopted_with_its_volume(project: Project) -> None:
    """It is bound: what ties it to its volume is none of ours, and stays."""
    name = "image-registry-storage"
    get = ("-n", "openshift-image-registry", "get", "pvc", name, "-o", "json")
    before = json.loads(kubectl(project.lab, *get))
    assert before["spec"]["volumeName"]
    sections = project.original()
    sections["storage"] = {
        "kind": "claim",
        "storageClass": {"use": {"name": "standard-csi"}},
        "claim": {"adopt": {"name": name, "size": "100Gi", "accessModes": ["ReadWriteOnce"]}},
    }
    project.write(sections)
    ran = project.preview().ok()
    assert "= 1 to import" in ran.output and "replace" not in ran.output, ran.output
    project.apply()
    after = json.loads(kubectl(project.lab, *get))
    assert after["metadata"]["uid"] == before["metadata"]["uid"]
    assert after["spec"]["volumeName"] == before["spec"]["volumeName"]
    project.unchanged()
    project.refresh("--run-program").ok()
    project.unchanged()


def test_a_class_is_adopted_with_what_the_stack_file_does_not_say(project: Project) -> None:
    topologies = [
        {"matchLabelExpressions": [{"key": "topology.kubernetes.io/zone", "values": ["nova"]}]}
    ]
    theirs = {**THEIRS, "allowedTopologies": topologies, "mountOptions": ["noatime"]}
    theirs["metadata"] = {"name": "theirs-too"}
    kubectl(project.lab, "apply", "-f", "-", stdin=json.dumps(theirs))
    sections = project.original()
    fields = {"reclaimPolicy": "Delete", "volumeBindingMode": "WaitForFirstConsumer"}
    sections["storage"]["storageClass"] = {"adopt": {"name": "theirs-too", **fields}}
    project.write(sections)
    project.apply()
    live = json.loads(kubectl(project.lab, "get", "storageclass", "theirs-too", "-o", "json"))
    assert live["allowedTopologies"] == topologies
    assert live["mountOptions"] == ["noatime"]
    project.unchanged()
