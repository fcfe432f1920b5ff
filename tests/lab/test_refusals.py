"""What contradicts the cluster is refused at preview and in `up`, and nothing is written."""

import copy
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.lab import Lab
from tests.lab.project import Project, kubectl

pytestmark = pytest.mark.lab

KINDS = (
    "configs.imageregistry.operator.openshift.io",
    "storageclasses",
    "persistentvolumeclaims",
    "persistentvolumes",
)
Change = Callable[[dict[str, Any]], None]


def versions(lab: Lab) -> dict[str, str]:
    """Every object that a run could touch, with its resourceVersion."""
    items = json.loads(kubectl(lab, "get", ",".join(KINDS), "-A", "-o", "json"))["items"]
    return {each["metadata"]["uid"]: each["metadata"]["resourceVersion"] for each in items}


def at_rest(lab: Lab) -> dict[str, str]:
    """The versions once operator and platform are done with what came before."""
    before, now = {}, versions(lab)
    while before != now:
        time.sleep(1)
        before, now = now, versions(lab)
    return now


def refused(project: Project, *says: str) -> None:
    """Both commands refuse with one clear error and touch nothing."""
    before = at_rest(project.lab)
    for ran in (project.preview(), project.up("--skip-preview")):
        assert ran.code != 0, ran
        for text in (project.stack, *says):
            assert text in ran.output, ran
        assert "Traceback" not in ran.output
        assert "an unhandled error" not in ran.output
    assert versions(project.lab) == before


def test_another_clusters_name(project: Project) -> None:
    sections = project.original()
    sections["cluster"]["infrastructureName"] = "prod-1-abcde"
    project.write(sections)
    refused(project, "cluster.infrastructureName", "lab-cinder-x7k2p", "prod-1-abcde", "fix:")


def test_a_lab_stack_on_an_api_server_that_is_not_loopback(
    project: Project, tmp_path: Path
) -> None:
    content = yaml.safe_load(project.lab.kubeconfig.read_text())
    # TEST-NET-1: a connection would hang until its timeout.
    content["clusters"][0]["cluster"]["server"] = "https://192.0.2.1:6443"
    elsewhere = tmp_path / "kubeconfig"
    elsewhere.write_text(yaml.safe_dump(content))
    ran = project.preview(environment={"KUBECONFIG": str(elsewhere)})
    assert ran.code != 0
    assert "loopback" in ran.output and "192.0.2.1" in ran.output, ran


def test_facts_that_contradict_the_cluster_come_together(project: Project) -> None:
    sections = project.original()
    sections["cluster"] |= {"platform": "VSphere", "version": "4.14"}
    project.write(sections)
    refused(project, "cluster.platform", "OpenStack", "cluster.version", '"4.15"')


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(
            lambda sections: sections["registry"].update(replicas=2),
            ("registry.replicas", "ReadWriteOnce"),
            id="two replicas on RWO",
        ),
        pytest.param(
            lambda sections: sections["registry"].update(replica=1),
            ("registry.replica", "replicas"),
            id="unknown key",
        ),
        pytest.param(
            lambda sections: sections["registry"].update(readOnly="yes"),
            ("registry.readOnly",),
            id="wrong type",
        ),
        pytest.param(
            lambda sections: (
                sections["cluster"].update(version="4.10"),
                sections["registry"].update(
                    topologySpreadConstraints=[
                        {
                            "maxSkew": 1,
                            "topologyKey": "kubernetes.io/hostname",
                            "whenUnsatisfiable": "DoNotSchedule",
                        }
                    ]
                ),
            ),
            ("registry.topologySpreadConstraints", "4.11"),
            id="a field newer than the cluster",
        ),
    ],
)
def test_bad_settings_are_refused_at_preview_with_their_line(
    project: Project, change: Change, says: tuple[str, ...]
) -> None:
    sections = copy.deepcopy(project.original())
    change(sections)
    project.write(sections)
    refused(project, f"stacks/Pulumi.{project.stack}.yaml:", *says)


def test_a_claim_that_somebody_else_made(project: Project) -> None:
    make_claim(project.lab)
    refused(project, "storage.claim.create.name", "adopt")


def test_a_claim_to_use_that_is_not_there(project: Project) -> None:
    use(project, {"name": "nowhere"}, {"replicas": 1})
    refused(project, "storage.claim.use.name", "nowhere")


def test_a_used_claim_is_judged_by_what_it_is(project: Project) -> None:
    make_claim(project.lab)
    use(project, {"name": "csi-pvc-imageregistry"}, {"replicas": 2})
    refused(project, "ReadWriteOnce", "replicas: 1")


def test_what_is_said_of_a_used_claim_must_be_so(project: Project) -> None:
    make_claim(project.lab)
    modes = ["ReadWriteMany"]
    use(project, {"name": "csi-pvc-imageregistry", "accessModes": modes}, {"replicas": 2})
    refused(project, "storage.claim.use.accessModes", "ReadWriteOnce")


def test_a_class_cannot_change_what_kubernetes_keeps(project: Project) -> None:
    """Public case C36: never an update in place."""
    ran = project.up()
    ran.ok()
    sections = project.original()
    sections["storage"]["storageClass"]["create"]["availability"] = "another"
    project.write(sections)
    refused(project, "storage.storageClass.create.parameters", "new names", "keeps")


def test_an_absent_custom_resource_is_not_made(fresh_lab: Lab, tmp_path: Path) -> None:
    """The capability is off: no kind, no object; a patch would make one."""
    project = Project(tmp_path / "project", fresh_lab)
    kind = "configs.imageregistry.operator.openshift.io"
    patch = '{"metadata":{"finalizers":null}}'
    kubectl(fresh_lab, "delete", kind, "cluster", "--wait=false")
    kubectl(fresh_lab, "patch", kind, "cluster", "--type=merge", "-p", patch, check=False)
    kubectl(fresh_lab, "delete", "crd", kind, "--wait=false")
    kubectl(fresh_lab, "patch", kind, "cluster", "--type=merge", "-p", patch, check=False)
    kubectl(fresh_lab, "wait", "crd", kind, "--for=delete", "--timeout=20s")
    for ran in (project.preview(), project.up("--skip-preview")):
        assert ran.code != 0, ran
        assert "has no such object" in ran.output, ran


def test_a_preview_without_a_cluster_says_what_it_did_not_check(
    project: Project, tmp_path: Path
) -> None:
    content = yaml.safe_load(project.lab.kubeconfig.read_text())
    content["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    gone = tmp_path / "gone"
    gone.write_text(yaml.safe_dump(content))
    for kubeconfig in (str(gone), str(tmp_path / "absent")):
        ran = project.preview(environment={"KUBECONFIG": kubeconfig})
        ran.ok()
        assert "did not check" in ran.output, ran
        ran = project.pulumi(
            "up", "--yes", "--skip-preview", "--stack", project.stack,
            environment={"KUBECONFIG": kubeconfig},
        )  # fmt: skip
        assert ran.code != 0
        assert "nothing can be applied" in ran.output, ran


def make_claim(lab: Lab, storage_class: str = "standard-csi") -> None:
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {
            "name": "csi-pvc-imageregistry",
            "namespace": "openshift-image-registry",
            "annotations": {"made-by": "somebody"},
        },
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "100Gi"}},
            "storageClassName": storage_class,
        },
    }
    kubectl(lab, "create", "-f", "-", stdin=json.dumps(claim))


def use(project: Project, claim: dict[str, Any], registry: dict[str, Any]) -> None:
    sections = project.original()
    del sections["storage"]["storageClass"]
    sections["storage"]["claim"] = {"use": claim}
    project.write({**sections, "registry": registry})
