"""What is declared for a volume that nothing provisions."""

import copy
from typing import Any

import pulumi
import pytest

from components.volume import volume
from settings import StackSettings, validate
from settings.facts import VolumeFacts, labels
from tests.components.conftest import Declare, Recorder
from tests.settings.cases_volume import CSI, ISCSI, LOCAL, NFS, storage

CLUSTER = {
    "name": "one",
    "version": "4.15",
    "environment": "production",
    "infrastructureName": "one-x7k2p",
}
THEIRS = VolumeFacts(
    labels={"rack": "7"},
    annotations=("made-by",),
    size="100Gi",
    access_modes=("ReadWriteOnce", "ReadOnlyMany"),
    volume_mode="Filesystem",
    storage_class="",
    reclaim_policy="Delete",
    source={"iscsi": {**ISCSI, "fsType": "xfs", "iscsiInterface": "default"}},
    claim=None,
    phase="Available",
)


def settings(section: dict[str, Any]) -> StackSettings:
    return validate(
        {"cluster": CLUSTER, "storage": section, "registry": {"replicas": 1}}, stack="one"
    )


def adopted(section: dict[str, Any]) -> dict[str, Any]:
    section = copy.deepcopy(section)
    section["volume"]["adopt"] = section["volume"].pop("create")
    return section


def declared(
    declare: Declare, section: dict[str, Any], live: VolumeFacts | None = None
) -> Recorder:
    wanted = settings(section).storage

    def program() -> None:
        volume(wanted.volume, wanted.claim, "one", live, pulumi.ResourceOptions())

    return declare(program=program)


def registered_with(monkeypatch: pytest.MonkeyPatch) -> list[pulumi.ResourceOptions]:
    """Mocks don't show options: keep those that each resource is registered with."""
    seen: list[pulumi.ResourceOptions] = []
    original = pulumi.CustomResource.__init__

    def init(self: Any, kind: str, name: str, properties: Any, opts: Any) -> None:
        seen.append(opts)
        original(self, kind, name, properties, opts)

    monkeypatch.setattr(pulumi.CustomResource, "__init__", init)
    return seen


def test_a_volume_is_kept_for_the_claim(declare: Declare) -> None:
    """Guide 3.6.3.3, step 2. What the claim says is said once."""
    section = storage({"nfs": NFS}, mountOptions=["hard"], labels={"team": "one"})
    inputs = declared(declare, section).one("PersistentVolume").inputs
    assert inputs["metadata"]["name"] == "registry-volume"
    assert inputs["metadata"]["labels"] == {"team": "one", **labels("one")}
    assert "namespace" not in inputs["metadata"]
    assert inputs["spec"] == {
        "capacity": {"storage": "100Gi"},
        "accessModes": ["ReadWriteOnce"],
        "volumeMode": "Filesystem",
        "persistentVolumeReclaimPolicy": "Retain",
        "claimRef": {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "namespace": "openshift-image-registry",
            "name": "registry",
        },
        "nfs": NFS,
        "mountOptions": ["hard"],
    }


def test_a_local_volume_is_on_its_node(declare: Declare) -> None:
    spec = declared(declare, storage({"local": LOCAL})).one("PersistentVolume").inputs["spec"]
    assert spec["local"] == LOCAL
    (term,) = spec["nodeAffinity"]["required"]["nodeSelectorTerms"]
    assert term["matchExpressions"] == [
        {"key": "kubernetes.io/hostname", "operator": "In", "values": ["worker-0"]}
    ]


def test_the_source_is_spelled_as_the_api_spells_it(declare: Declare) -> None:
    for source in (
        {"iscsi": {**ISCSI, "portals": ["192.0.2.21"], "initiatorName": ISCSI["iqn"]}},
        {"fc": {"targetWWNs": ["50060e801049cfd1"], "lun": 3, "fsType": "xfs"}},
        {"fc": {"wwids": ["3600508b4"]}},
        {"csi": {**CSI, "fsType": "ext4", "volumeAttributes": {"a": "b"}}},
    ):
        spec = declared(declare, storage(source)).one("PersistentVolume").inputs["spec"]
        assert source.items() <= spec.items()


def test_it_is_registered_as_the_sdk_registers_it(declare: Declare) -> None:
    """The SDK's own class is left out for its import time alone."""
    ours = declared(declare, storage({"iscsi": ISCSI})).one("PersistentVolume")
    spec = ours.inputs["spec"]

    def by_the_sdk() -> None:
        from pulumi_kubernetes.core.v1 import PersistentVolume

        PersistentVolume(
            ours.name,
            metadata=ours.inputs["metadata"],
            spec={
                "capacity": spec["capacity"],
                "access_modes": spec["accessModes"],
                "volume_mode": spec["volumeMode"],
                "persistent_volume_reclaim_policy": spec["persistentVolumeReclaimPolicy"],
                "claim_ref": {
                    "api_version": "v1",
                    "kind": "PersistentVolumeClaim",
                    "namespace": "openshift-image-registry",
                    "name": "registry",
                },
                "iscsi": {
                    "target_portal": ISCSI["targetPortal"],
                    "iqn": ISCSI["iqn"],
                    "lun": ISCSI["lun"],
                },
            },
        )

    theirs = declare(program=by_the_sdk).one("PersistentVolume")
    assert (ours.typ, ours.name, ours.inputs) == (theirs.typ, theirs.name, theirs.inputs)


def test_a_used_volume_is_not_declared(declare: Declare) -> None:
    section = {**storage({"nfs": NFS}), "volume": {"use": {"name": "theirs"}}}
    assert declared(declare, section, THEIRS).made == []


@pytest.mark.parametrize("change", [lambda each: each, adopted], ids=["create", "adopt"])
def test_it_is_protected_and_retained(
    declare: Declare, monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    options = registered_with(monkeypatch)
    declared(declare, change(storage({"iscsi": ISCSI})), THEIRS)
    (last,) = options
    assert last.protect and last.retain_on_delete
    assert set(last.replace_on_changes) == {"spec.nodeAffinity", "spec.volumeMode"}


def test_an_adopted_volume_keeps_what_is_not_said(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = registered_with(monkeypatch)
    declared(declare, adopted(storage({"iscsi": ISCSI})), THEIRS)
    (last,) = options
    assert last.import_ == "registry-volume"
    assert set(last.ignore_changes) == {
        "metadata.finalizers",
        'metadata.annotations["made-by"]',
        'metadata.labels["rack"]',
        "spec.accessModes",
        "spec.capacity",
        "spec.iscsi.fsType",
        "spec.iscsi.iscsiInterface",
        "spec.mountOptions",
        "spec.nodeAffinity",
        "spec.storageClassName",
        "spec.volumeAttributesClassName",
    }


def test_what_is_said_of_an_adopted_volume_is_not_ignored(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = registered_with(monkeypatch)
    section = storage({"iscsi": {**ISCSI, "fsType": "xfs"}}, mountOptions=["noatime"])
    declared(declare, adopted(section), THEIRS)
    (last,) = options
    ignored = set(last.ignore_changes)
    assert not ignored & {"spec.iscsi.fsType", "spec.mountOptions"}
    # The binder's, which has to stay the binder's: see components/volume.py.
    assert not [each for each in ignored if each.startswith("spec.claimRef")]


def test_a_preview_without_a_cluster_does_not_ask_for_an_import(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = registered_with(monkeypatch)
    declared(declare, adopted(storage({"iscsi": ISCSI})))
    (last,) = options
    assert not last.import_
    assert last.protect and last.retain_on_delete
