"""The stack file against what the cluster says: every contradiction has its words."""

import copy
from pathlib import Path
from typing import Any

import pytest

from settings import validate
from settings.facts import ClaimFacts, LiveFacts, NodeFacts, Patched, StorageClassFacts, labels
from settings.guards import disagreements, loopback_only
from settings.problems import Finding
from settings.rules import RULES
from settings.storage_guards import foreign_storage

STACK: dict[str, Any] = {
    "cluster": {
        "name": "one",
        "version": "4.15",
        "environment": "production",
        "infrastructureName": "one-x7k2p",
        "platform": "OpenStack",
    },
    "storage": {
        "kind": "claim",
        "preset": "cinder",
        "claim": {"create": {"size": "100Gi"}},
        "replaces": {"pvc": {"claim": "image-registry-storage"}},
    },
}
OURS = labels("one")
CLAIM = ClaimFacts(
    labels=OURS,
    annotations=(),
    access_modes=("ReadWriteOnce",),
    volume_mode="Filesystem",
    storage_class="custom-csi-storageclass",
    size="100Gi",
    leaving=False,
)
CLASS = StorageClassFacts(
    labels=OURS,
    annotations=(),
    provisioner="cinder.csi.openstack.org",
    parameters={},
    reclaim_policy="Retain",
    volume_binding_mode="WaitForFirstConsumer",
)


def live(**facts: Any) -> LiveFacts:
    """A cluster that agrees with STACK, except for `facts`."""
    agreeing = {
        "infrastructure_name": "one-x7k2p",
        "platform": "OpenStack",
        "version": "4.15.12",
        "config": Patched({"spec": {"storage": {"pvc": {"claim": "image-registry-storage"}}}}),
    }
    return LiveFacts(**(agreeing | facts))


def judge(facts: LiveFacts, **sections: Any) -> list[Finding]:
    given = {**copy.deepcopy(STACK), **sections}
    settings = validate({key: each for key, each in given.items() if each}, stack="one")
    backend = settings.storage.backend if settings.storage else None
    return disagreements(settings, facts, backend)


def changed(facts: Any, **fields: Any) -> Any:
    return type(facts)(**(vars(facts) | fields))


def claims(**fields: Any) -> LiveFacts:
    return live(claims={"csi-pvc-imageregistry": changed(CLAIM, **fields)})


def classes(**fields: Any) -> LiveFacts:
    return live(storage_classes={"custom-csi-storageclass": changed(CLASS, **fields)})


def storage(**block: Any) -> LiveFacts:
    return live(config=Patched({"spec": {"storage": block}}))


USE = {"kind": "claim", "claim": {"use": {"name": "csi-pvc-imageregistry"}}}
USE |= {"replaces": {"pvc": {"claim": "image-registry-storage"}}}
USE_RWX = copy.deepcopy(USE)
USE_RWX["claim"]["use"]["accessModes"] = ["ReadWriteMany"]
RECREATE = {"replicas": 1, "rolloutStrategy": "Recreate"}
ADOPT = {**STACK["storage"], "claim": {"adopt": {"size": "100Gi"}}}

CEPHFS = {"kind": "claim", "preset": "cephfs", "replaces": STACK["storage"]["replaces"]}
BLANK = {"storage": {"kind": "claim", "claim": {"blank": {}}}, "registry": {"replicas": 2}}
ONE_POD = {"registry": RECREATE}
UNMANAGED = {"managementState": "Unmanaged"}
RBD = changed(CLASS, provisioner="openshift-storage.rbd.csi.ceph.com", labels={}, default=True)
FILES = changed(RBD, provisioner="openshift-storage.cephfs.csi.ceph.com")
BUCKETS = changed(RBD, provisioner="openshift-storage.ceph.rook.io/bucket", default=False)
GATEWAY = changed(BUCKETS, provisioner="openshift-storage.noobaa.io/obc")
THIN = changed(RBD, provisioner="csi.vsphere.vmware.com")
OPERATORS = changed(
    CLAIM,
    labels={},
    annotations=("imageregistry.openshift.io",),
    access_modes=("ReadWriteMany",),
)
RWO = changed(CLAIM, labels={})
NO_PLATFORM = {
    "storage": None,
    "cluster": {key: each for key, each in STACK["cluster"].items() if key != "platform"},
}
EXTERNAL = {"externalRegistryHostnames": ["registry.example.test"], "defaultRoute": True}
NO_PROXY = {"registry": {"proxy": {"noProxy": ".svc,.cluster.local"}}}


def blank(claim: Any = None, named: str | None = None, classes: Any = None) -> LiveFacts:
    """A cluster with the operator's claim, or that has none yet; and with these classes."""
    block = {"claim": named if named is not None else "image-registry-storage" if claim else ""}
    return live(
        config=Patched({"spec": {"storage": {"pvc": block}}}),
        claims={"image-registry-storage": claim},
        storage_classes=classes,
    )


def left_alone(claim: ClaimFacts, **spec: Any) -> LiveFacts:
    """A cluster whose registry is on a claim that the stack file does not name."""
    return live(
        config=Patched({"spec": {"storage": {"pvc": {"claim": "theirs"}}, **spec}}),
        claims={"theirs": claim},
    )


def bare_metal(**block: Any) -> LiveFacts:
    return live(platform="BareMetal", config=Patched({"spec": {"storage": block}}))


INFRA = {"nodeSelector": {"node-role.kubernetes.io/infra": ""}}
INFRA_NODE = {"labels": INFRA["nodeSelector"]}
TAINTED = {"taints": ({"key": "infra", "value": "reserved", "effect": "NoSchedule"},)}
TOLERATED = {"key": "infra", "operator": "Exists", "effect": "NoSchedule"}
ANY_TAINT = {"key": "", "operator": "Exists"}
UPGRADING = {"taints": ({"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"},)}
SHARED = {"storage": CEPHFS}


def on_cephfs(**others: StorageClassFacts) -> LiveFacts:
    return live(storage_classes={"ocs-storagecluster-cephfs": FILES, **others})


TWO_ON_INFRA = {"storage": CEPHFS, "registry": INFRA}
OTHER_TAINT = {"tolerations": [{"key": "infra", "value": "other"}]}
LOCAL = {
    "kind": "claim",
    "preset": "block",
    "volume": {
        "create": {"name": "disk", "source": {"local": {"path": "/mnt"}}, "nodes": ["worker-0"]}
    },
    "replaces": STACK["storage"]["replaces"],
}


def patched_by(cluster: str) -> Patched:
    """An object that the stack of this cluster name patches."""
    return Patched({"metadata": {"annotations": {"openshift-registry/instance": cluster}}})


def nodes(**given: dict[str, Any]) -> LiveFacts:
    """A cluster with these nodes, each with the labels and taints given."""
    found = [
        NodeFacts(
            name,
            {"kubernetes.io/hostname": name.replace("_", "-"), **each.get("labels", {})},
            each.get("taints", ()),
        )
        for name, each in given.items()
    ]
    return live(nodes=tuple(found))


REFUSED = [
    ("infrastructure-name", live(infrastructure_name="two-abcde"), {}),
    ("platform", live(platform="VSphere"), {}),
    ("version", live(version="4.14.3"), {}),
    ("version", live(version="4.16.0-rc.1"), {}),
    ("config-absent", live(config=Patched(absent=True)), {}),
    ("config-deleting", live(config=Patched({"metadata": {"deletionTimestamp": "now"}})), {}),
    ("foreign-storage", storage(pvc={"claim": "other"}), {}),
    ("foreign-storage", storage(s3={"bucket": "reg-a"}), {}),
    ("foreign-storage", storage(emptyDir={}), {}),
    ("foreign-storage", storage(pvc={"claim": "csi-pvc-imageregistry"}, emptyDir={}), {}),
    ("exists", claims(labels={}), {}),
    ("exists", claims(labels=labels("two")), {}),
    ("exists", classes(labels={}), {}),
    ("missing", live(claims={"csi-pvc-imageregistry": None}), {"storage": ADOPT}),
    ("claim-immutable", claims(storage_class="standard-csi"), {}),
    ("claim-immutable", claims(access_modes=("ReadWriteMany",)), {}),
    ("claim-immutable", claims(access_modes=("ReadWriteMany",)), {"storage": ADOPT}),
    ("claim-leaving", claims(leaving=True), {}),
    ("claim-leaving", claims(leaving=True), {"storage": USE}),
    ("claim-access-modes", claims(), {"storage": USE_RWX, "registry": RECREATE}),
    ("claim-size", claims(size="150Gi"), {}),
    ("claim-size", claims(size="101Gi"), {"storage": ADOPT}),
    ("class-immutable", classes(parameters={"availability": "az-1"}), {}),
    ("class-immutable", classes(provisioner="kubernetes.io/cinder"), {}),
    ("class-immutable", classes(reclaim_policy="Delete"), {}),
    ("class-immutable", classes(volume_binding_mode="Immediate"), {}),
    ("claim-mode", claims(access_modes=("ReadOnlyMany",)), {"storage": USE}),
    ("claim-block", claims(volume_mode="Block"), {"storage": USE}),
    ("claim-rwo", claims(), {"storage": USE, "registry": {"replicas": 2}}),
    ("claim-rwo", claims(), {"storage": USE, "registry": {"replicas": 1}}),
    ("claim-lost", claims(lost=True), {}),
    ("claim-lost", claims(lost=True), {"storage": USE}),
    ("missing", live(storage_classes={}), {"storage": CEPHFS}),
    ("class-block", live(storage_classes={"ocs-storagecluster-cephfs": RBD}), {"storage": CEPHFS}),
    ("cephfs", on_cephfs(rgw=BUCKETS), {"storage": CEPHFS}),
    ("cephfs", on_cephfs(noobaa=GATEWAY), {"storage": CEPHFS}),
    ("class-block", blank(classes={"rbd": RBD}), BLANK),
    ("class-block", blank(classes={"rbd": RBD, "cephfs": FILES}), BLANK),
    ("class-vsphere", blank(classes={"thin-csi": THIN}), BLANK),
    ("no-default-class", blank(classes={}), BLANK),
    ("no-default-class", blank(classes={"cephfs": changed(FILES, default=False)}), BLANK),
    ("claim-not-operators", blank(claim=changed(OPERATORS, annotations=()), named=""), BLANK),
    ("claim-gone", blank(named="image-registry-storage"), BLANK),
    ("claim-rwo", blank(claim=changed(OPERATORS, access_modes=("ReadWriteOnce",))), BLANK),
    ("foreign-storage", storage(pvc={"claim": "other"}), BLANK),
    ("claim-rwo", left_alone(RWO), {"storage": None, "registry": {"replicas": 2}}),
    ("claim-rwo", left_alone(RWO), {"storage": None, "registry": {"replicas": 1}}),
    ("empty-dir-replicas", storage(emptyDir={}), {"storage": None, "registry": {"replicas": 2}}),
    ("no-storage", bare_metal(), {**NO_PLATFORM, "registry": {"replicas": 1}}),
    ("object-absent", live(image=Patched(absent=True)), {"exposure": EXTERNAL}),
    ("object-absent", live(pruner=Patched(absent=True)), {"pruning": {"keepTagRevisions": 3}}),
    ("second-node", live(single_node=True), SHARED),
    ("second-node", nodes(infra=INFRA_NODE), TWO_ON_INFRA),
    ("other-stack", live(config=patched_by("two")), {}),
    ("other-stack", live(image=patched_by("two"), pruner=patched_by("two")), {}),
    ("no-node", nodes(), {"registry": INFRA}),
    ("no-node", nodes(infra=TAINTED), {}),
    ("no-node", nodes(infra={}), {"registry": INFRA}),
    ("no-node", nodes(infra=TAINTED | INFRA_NODE), {"registry": INFRA}),
    ("no-node", nodes(infra=TAINTED | INFRA_NODE), {"registry": {**INFRA, **OTHER_TAINT}}),
    ("no-node", nodes(worker_1={}), {"storage": LOCAL}),
    ("no-node", nodes(worker_0=TAINTED), {"storage": LOCAL}),
    ("no-proxy", live(no_proxy=".svc,.cluster.local,s3.example.test"), NO_PROXY),
]


DOUBTED = {"cephfs", "class-vsphere", "no-proxy"}
"""What is said and let pass."""


@pytest.mark.parametrize(("rule", "facts", "sections"), REFUSED)
def test_each_contradiction_is_refused_with_a_path_and_a_fix(
    rule: str, facts: LiveFacts, sections: dict[str, Any]
) -> None:
    if "registry" not in sections and sections.get("storage") is USE:
        sections = {**sections, "registry": {"replicas": 1, "rolloutStrategy": "Recreate"}}
    found = judge(facts, **sections)
    assert [each.rule for each in found] == [f"guard:{rule}"]
    assert found[0].path and found[0].message and found[0].fix
    assert found[0].severity == ("warning" if rule in DOUBTED else "error")


AGREED = [
    (storage(pvc={}), {}),
    (storage(pvc={"claim": ""}), {}),
    (storage(s3={"region": "eu-west-1"}), {}),
    (live(), {}),
    (claims(), {}),
    (classes(), {}),
    (claims(size="50Gi"), {}),
    (claims(labels={}), {"storage": ADOPT}),
    (storage(), {}),
    (storage(managementState="Managed"), {}),
    (storage(managementState="Managed", pvc={"claim": "csi-pvc-imageregistry"}), {}),
    (storage(pvc={"claim": "csi-pvc-imageregistry"}, s3=None), {}),
    (live(infrastructure_name=None, platform=None, version=None), {}),
    (claims(access_modes=("ReadWriteMany",)), {"storage": USE, "registry": {"replicas": 2}}),
    (live(config=Patched()), {}),
    (on_cephfs(), {"storage": CEPHFS}),
    (on_cephfs(rbd=RBD), {"storage": CEPHFS}),
    (blank(classes={"cephfs": FILES}), BLANK),
    (blank(classes={"cephfs": FILES, "rbd": changed(RBD, default=False)}), BLANK),
    (blank(classes=None), BLANK),
    (blank(claim=OPERATORS, named=""), BLANK),
    (blank(claim=OPERATORS), BLANK),
    (blank(claim=changed(OPERATORS, annotations=())), BLANK),
    (blank(claim=changed(OPERATORS, access_modes=("ReadWriteOnce",))), {**BLANK, **ONE_POD}),
    (left_alone(RWO), {"storage": None, **ONE_POD}),
    (left_alone(RWO, rolloutStrategy="Recreate"), {"storage": None, "registry": {"replicas": 1}}),
    (left_alone(RWO), {"storage": None, "registry": {"replicas": 2, **UNMANAGED}}),
    (storage(emptyDir={}), {"storage": None, "registry": {"replicas": 1}}),
    (bare_metal(emptyDir={}), {**NO_PLATFORM, "registry": {"replicas": 1}}),
    (bare_metal(), {**NO_PLATFORM, "registry": {"replicas": 1, "managementState": "Removed"}}),
    (live(no_proxy=".svc,.cluster.local"), NO_PROXY),
    (live(), {"registry": INFRA}),
    (nodes(infra=INFRA_NODE), {"registry": INFRA}),
    (nodes(infra={**INFRA_NODE, **UPGRADING}), {"registry": INFRA}),
    (nodes(infra=INFRA_NODE, infra_2=INFRA_NODE), TWO_ON_INFRA),
    (live(single_node=True), {}),
    (live(image=patched_by("one"), pruner=patched_by("one")), {}),
    (nodes(infra=TAINTED | INFRA_NODE), {"registry": {**INFRA, "tolerations": [TOLERATED]}}),
    (nodes(infra=TAINTED | INFRA_NODE), {"registry": {**INFRA, "tolerations": [ANY_TAINT]}}),
    (nodes(), {"registry": {**INFRA, "managementState": "Removed"}}),
    (nodes(worker_0={}, worker_1={}), {"storage": LOCAL}),
    (live(image=Patched(absent=True), pruner=Patched(absent=True)), {}),
]


@pytest.mark.parametrize(("facts", "sections"), AGREED)
def test_what_agrees_is_not_complained_of(facts: LiveFacts, sections: dict[str, Any]) -> None:
    assert judge(facts, **sections) == []


def test_every_guard_is_on_the_reference_page_and_has_a_test() -> None:
    here = Path(__file__).parent
    tests = "".join(each.read_text() for each in here.glob("test_*guards.py"))
    tests += (here.parent / "cluster" / "test_agree.py").read_text()
    names = [name for name in RULES if name.startswith("guard:")]
    assert [name for name in names if name.removeprefix("guard:") not in tests] == []


def owned(*managers: tuple[str, str]) -> LiveFacts:
    """The live claim is ours by name, and owned by these managers."""
    fields = {"f:spec": {"f:storage": {"f:pvc": {"f:claim": {}}}}}
    entries = [
        {"manager": manager, "operation": operation, "fieldsV1": fields}
        for manager, operation in managers
    ]
    return live(
        config=Patched(
            {
                "metadata": {"managedFields": entries},
                "spec": {"storage": {"pvc": {"claim": "csi-pvc-imageregistry"}}},
            }
        )
    )


def test_storage_that_the_stack_gave_is_not_dropped() -> None:
    """Without the keys the operator would refill its platform's default."""
    (found,) = judge(owned(("openshift-registry", "Apply")), storage=None, registry={"replicas": 1})
    assert found.rule == "guard:storage-dropped"


@pytest.mark.parametrize("manager", [("openshift-registry", "Apply"), ("kubectl-edit", "Update")])
@pytest.mark.parametrize("mode", ["create", "adopt", "use"])
def test_a_live_claim_that_is_gone_is_not_made_anew(mode: str, manager: tuple[str, str]) -> None:
    """It would be an empty one, without a word, whoever has given it to the registry."""
    sections = {"create": {}, "adopt": {"storage": ADOPT}, "use": {"storage": USE, **ONE_POD}}
    gone = changed(owned(manager), claims={"csi-pvc-imageregistry": None})
    (found,) = judge(gone, **sections[mode])
    assert found.rule == "guard:claim-gone"
    assert "`create`" not in found.fix


def test_a_claim_on_a_static_volume_is_made_anew() -> None:
    """Its data are where the stack file says."""
    facts = live(
        config=Patched({"spec": {"storage": {"pvc": {"claim": "registry-storage-pvc"}}}}),
        claims={"registry-storage-pvc": None},
        volumes={"disk": None},
    )
    assert judge(facts, storage=LOCAL) == []


def test_another_cluster_is_the_only_thing_said() -> None:
    """What else is found there is of no interest, and its fixes would be wrong."""
    facts = changed(storage(s3={"bucket": "theirs"}), infrastructure_name="two-x", version="4.9.1")
    assert [each.rule for each in judge(facts)] == ["guard:infrastructure-name"]


def test_removed_does_not_delete_managed_storage() -> None:
    """Guide 2.5: with managed storage, Removed tears the storage down."""
    registry = {"managementState": "Removed", "replicas": 1}
    managed = {"managementState": "Managed", "s3": {"bucket": "reg-a"}}
    (found,) = judge(storage(**managed), storage=None, registry=registry)
    assert found.rule == "guard:removed-managed"
    unmanaged = {**managed, "managementState": "Unmanaged"}
    assert judge(storage(**unmanaged), storage=None, registry=registry) == []
    assert judge(storage(**managed), storage=None, registry={"replicas": 1}) == []


def test_storage_of_somebody_else_is_left_alone() -> None:
    facts = owned(("cluster-image-registry-operator", "Update"), ("openshift-registry", "Update"))
    assert judge(facts, storage=None, registry={"replicas": 1}) == []


def test_all_contradictions_come_together() -> None:
    facts = live(
        platform="VSphere",
        version="4.14.1",
        config=Patched({"spec": {"storage": {"s3": {"bucket": "reg-a"}}}}),
    )
    rules = {each.rule for each in judge(facts)}
    assert rules == {"guard:platform", "guard:version", "guard:foreign-storage"}


def test_the_fix_for_foreign_storage_can_be_pasted() -> None:
    """What the message says to write is what makes the stack file agree."""
    import yaml

    for block in (
        {"s3": {"bucket": "reg-a", "region": "eu-west-1"}},
        {"s3": {"bucket": "123456"}},
        {"emptyDir": {}},
    ):
        (found,) = judge(storage(**block))
        text = found.fix.split("`")[1]
        replaces = yaml.safe_load(text)["replaces"]
        assert not judge(storage(**block), storage={**STACK["storage"], "replaces": replaces})


def test_a_backend_is_recognised_by_all_that_is_named_of_it() -> None:
    live_block = {"azure": {"accountName": "one", "container": "images"}}
    named = {"azure": {"accountName": "one", "container": "other"}}
    assert foreign_storage(live_block, {"pvc": {"claim": "x"}}, named) == live_block


@pytest.mark.parametrize("stack", ["lab-cinder", "lab-"])
def test_a_lab_stack_wants_loopback(stack: str) -> None:
    refused = loopback_only(stack, "https://api.example.test:6443", loopback=False)
    assert refused is not None and "loopback" in refused.message
    assert refused.rule == "guard:lab-loopback"
    assert loopback_only(stack, "https://127.0.0.1:6443", loopback=True) is None


def test_another_stack_may_be_anywhere() -> None:
    assert loopback_only("prod-lab-1", "https://api.example.test:6443", loopback=False) is None
