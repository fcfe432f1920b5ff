"""Generated stacks on a live operator: what is accepted and applied leaves it healthy.

What the operator would say of far more of them, and of clusters that differ, is asked without
a cluster in operator/test_accepted_settings.py. OCPREG_STACKS sets how many are applied here.
"""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lab.lab import Lab, say
from lab.verify import healthy, settle
from tests.lab.planes import SharedLab
from tests.lab.project import Project, kubectl, storage
from tests.settings.strategies_access import access_sections
from tests.settings.strategies_exposure import exposure_sections, trust_sections
from tests.settings.strategies_pruning import right_pruning

pytestmark = pytest.mark.lab

STACKS = int(os.environ.get("OCPREG_STACKS", "12"))
CEPHFS = "ocs-storagecluster-cephfs"
RBD = "ocs-storagecluster-ceph-rbd"


def claim(name: str, mode: str, storage_class: str) -> dict[str, Any]:
    return {
        "kind": "claim",
        "storageClass": {"use": {"name": storage_class}},
        "claim": {"create": {"name": name, "size": "10Gi", "accessModes": [mode]}},
    }


STORAGES = (
    {"kind": "emptyDir"},
    {"kind": "claim", "claim": {"blank": {}}},
    {"kind": "claim", "preset": "cephfs"},
    claim("files", "ReadWriteMany", CEPHFS),
    claim("files-of-one", "ReadWriteOnce", CEPHFS),
    claim("block", "ReadWriteOnce", RBD),
    claim("shared-block", "ReadWriteMany", RBD),
    {
        "kind": "claim",
        "preset": "shared",
        "volume": {
            "create": {"name": "nfs", "source": {"nfs": {"server": "nas.test", "path": "/x"}}}
        },
        "claim": {"create": {"name": "on-nfs"}},
    },
    {"kind": "claim", "claim": {"use": {"name": "files"}}},
)
REGISTRY = st.fixed_dictionaries(
    {},
    optional={
        "replicas": st.sampled_from([1, 2, 3]),
        "rolloutStrategy": st.sampled_from(["Recreate", "RollingUpdate"]),
        "readOnly": st.booleans(),
        "disableRedirect": st.booleans(),
        "logLevel": st.sampled_from(["Normal", "Debug"]),
        "proxy": st.just({"noProxy": ".svc,.cluster.local"}),
        "requests": st.just({"read": {"maxRunning": 10, "maxWaitInQueue": "30s"}}),
        "resources": st.just({"requests": {"cpu": "10m", "memory": "64Mi"}}),
        "nodeSelector": st.sampled_from([{"node-role.kubernetes.io/worker": ""}, {"no": "such"}]),
        "tolerations": st.just([{"operator": "Exists"}]),
        "managementState": st.sampled_from(["Managed", "Managed", "Managed", "Removed"]),
    },
)
SECTIONS = st.fixed_dictionaries(
    {"storage": st.sampled_from(STORAGES), "registry": REGISTRY},
    optional={
        "exposure": exposure_sections(),
        "trust": trust_sections(),
        "access": access_sections(["default", "openshift"]),
        "pruning": right_pruning(),
    },
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A bare metal cluster of its own with OpenShift Data Foundation, CephFS by default."""
    lab = SharedLab("lab-cephfs", tmp_path_factory.mktemp("generated") / "lab")
    lab.start(say)
    default = '{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}'
    kubectl(lab, "patch", "storageclass", CEPHFS, "-p", default)
    yield Project(tmp_path_factory.mktemp("generated"), lab)
    lab.stop()


def test_what_is_applied_leaves_the_operator_healthy(project: Project) -> None:
    seen = {"applied": 0, "refused": 0}
    cluster = project.original()["cluster"]

    @settings(
        max_examples=STACKS,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(sections=SECTIONS)
    def applied(sections: dict[str, Any]) -> None:
        forget(project)
        project.write({"cluster": cluster, **usable(sections), **replacing(project, sections)})
        ran = project.up()
        if ran.code != 0:
            ran.refused("fix:")
            assert "Diagnostics:" in ran.output, ran
            seen["refused"] += 1
            return
        state = sections["registry"].get("managementState", "Managed")
        conditions = settle(project.lab, say, state=state)
        assert healthy(conditions, state), (sections, conditions)
        operator = json.loads(kubectl(project.lab, "get", PRUNER, "cluster", "-o", "json"))
        told = {each["type"]: each for each in operator["status"]["conditions"]}
        assert told["Degraded"]["status"] == "False", (sections, told["Degraded"])
        seen["applied"] += 1

    applied()
    assert seen["applied"] >= STACKS / 4, seen


PRUNER = "imagepruners.imageregistry.operator.openshift.io"


def forget(project: Project) -> None:
    """The stack before this one left things behind that are protected or kept."""
    project.down()
    project.forget()


def usable(sections: dict[str, Any]) -> dict[str, Any]:
    """Without certificates: nobody could decrypt the keys of generated ones."""
    out = json.loads(json.dumps(sections))
    for route in out.get("exposure", {}).get("routes", []):
        route.pop("certificate", None)
    return out


def replacing(project: Project, sections: dict[str, Any]) -> dict[str, Any]:
    """The storage section, taking over from whatever the registry has now."""
    live = live_backend(project.lab)
    wanted = json.loads(json.dumps(sections["storage"]))
    names = {wanted.get("claim", {}).get("create", {}).get("name")}
    names |= {wanted.get("claim", {}).get("use", {}).get("name")}
    names |= {"registry-storage-pvc"} if wanted.get("preset") == "cephfs" else set()
    names |= {"image-registry-storage"} if "blank" in wanted.get("claim", {}) else set()
    same = live.get("pvc", {}).get("claim") in names if "pvc" in live else wanted["kind"] in live
    return {"storage": wanted if same or not live else {**wanted, "replaces": live}}


def live_backend(lab: Lab) -> dict[str, Any]:
    return {key: each for key, each in storage(lab).items() if key != "managementState"}
