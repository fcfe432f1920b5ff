"""What the components declare, in preview and in update."""

import copy
import re
from pathlib import Path
from typing import Any

import pulumi
import pytest

from settings.facts import ClaimFacts, LiveFacts
from tests.components.conftest import SECRET, Declare

CINDER: dict[str, Any] = {
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
        "storageClass": {"create": {"availability": "az-1"}},
        "claim": {"create": {"size": "200Gi"}},
    },
}


def cinder(**sections: Any) -> dict[str, Any]:
    return {**copy.deepcopy(CINDER), **sections}


def test_the_guides_class(declare: Declare) -> None:
    """Guide 3.5.1, step 1; the reclaim policy is ours."""
    inputs = declare(cinder()).one("StorageClass").inputs
    assert inputs["metadata"]["name"] == "custom-csi-storageclass"
    assert inputs["provisioner"] == "cinder.csi.openstack.org"
    assert inputs["volumeBindingMode"] == "WaitForFirstConsumer"
    assert inputs["allowVolumeExpansion"] is True
    assert inputs["parameters"] == {"availability": "az-1"}
    assert inputs["reclaimPolicy"] == "Retain"


def test_the_guides_claim_is_in_the_operators_namespace(declare: Declare) -> None:
    """Guide 3.5.1, step 3; public case R9: the operator looks nowhere else."""
    inputs = declare(cinder()).one("PersistentVolumeClaim").inputs
    assert inputs["metadata"]["name"] == "csi-pvc-imageregistry"
    assert inputs["metadata"]["namespace"] == "openshift-image-registry"
    assert inputs["spec"] == {
        "accessModes": ["ReadWriteOnce"],
        "volumeMode": "Filesystem",
        "storageClassName": "custom-csi-storageclass",
        "resources": {"requests": {"storage": "200Gi"}},
    }


def test_objects_are_registered_as_the_sdk_registers_them(declare: Declare) -> None:
    """The SDK's own classes are left out for their import time alone."""
    ours = declare(cinder())
    claim, made = ours.one("PersistentVolumeClaim"), ours.one("StorageClass")

    def by_the_sdk() -> None:
        from pulumi_kubernetes.core.v1 import PersistentVolumeClaim
        from pulumi_kubernetes.storage.v1 import StorageClass

        spec, inputs = claim.inputs["spec"], made.inputs
        PersistentVolumeClaim(
            claim.name,
            metadata=claim.inputs["metadata"],
            spec={
                "access_modes": spec["accessModes"],
                "volume_mode": spec["volumeMode"],
                "storage_class_name": spec["storageClassName"],
                "resources": {"requests": spec["resources"]["requests"]},
            },
        )
        StorageClass(
            made.name,
            metadata=inputs["metadata"],
            provisioner=inputs["provisioner"],
            parameters=inputs["parameters"],
            reclaim_policy=inputs["reclaimPolicy"],
            volume_binding_mode=inputs["volumeBindingMode"],
            allow_volume_expansion=inputs["allowVolumeExpansion"],
        )

    theirs = declare(program=by_the_sdk)
    for each in (claim, made):
        same = theirs.one(each.typ.rsplit(":", 1)[1])
        assert (each.typ, each.name, each.inputs) == (same.typ, same.name, same.inputs)


def test_the_patch_is_exactly_what_is_wanted(declare: Declare) -> None:
    """Guide 3.5.1, step 5, with the replica and the rollout that it forgets; public case C36."""
    inputs = declare(cinder()).one("ConfigPatch").inputs
    assert inputs["apiVersion"] == "imageregistry.operator.openshift.io/v1"
    assert inputs["kind"] == "Config"
    assert inputs["metadata"] == {
        "name": "cluster",
        "annotations": {
            "openshift-registry/instance": "one",
            "pulumi.com/patchFieldManager": "openshift-registry",
            "pulumi.com/patchForce": "true",
        },
    }
    assert inputs["spec"] == {
        "managementState": "Managed",
        "replicas": 1,
        "rolloutStrategy": "Recreate",
        "storage": {
            "managementState": "Unmanaged",
            "pvc": {"claim": "csi-pvc-imageregistry"},
        },
    }


def test_the_patch_holds_only_what_the_user_set(declare: Declare) -> None:
    """Public case C39: three replicas, nothing of the operator's own."""
    config = cinder(registry={"replicas": 3, "rolloutStrategy": "RollingUpdate", "readOnly": True})
    del config["storage"]
    spec = declare(config).one("ConfigPatch").inputs["spec"]
    assert spec == {
        "managementState": "Managed",
        "replicas": 3,
        "rolloutStrategy": "RollingUpdate",
        "readOnly": True,
    }


def test_storage_left_alone_makes_none(declare: Declare) -> None:
    config = cinder(registry={"replicas": 2})
    del config["storage"]
    kinds = {each.typ.rsplit(":", 1)[1] for each in declare(config).made}
    assert kinds == {"ImageRegistry", "kubernetes", "ConfigPatch"}


def test_what_is_used_is_not_declared(declare: Declare) -> None:
    config = cinder()
    config["storage"] = {
        "kind": "claim",
        "claim": {"use": {"name": "theirs", "accessModes": ["ReadWriteOnce"]}},
    }
    recorder = declare(config)
    kinds = [each.typ for each in recorder.made]
    assert not [kind for kind in kinds if "StorageClass" in kind or "VolumeClaim" in kind]
    assert recorder.one("ConfigPatch").inputs["spec"]["storage"]["pvc"] == {"claim": "theirs"}


def test_an_adopted_claim_is_imported_under_its_name(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = record_options(monkeypatch)
    config = cinder()
    config["storage"]["claim"] = {"adopt": {"name": "theirs", "size": "50Gi"}}
    theirs = ClaimFacts(
        labels={"team": "one"},
        annotations=("made-by",),
        access_modes=("ReadWriteOnce",),
        volume_mode="Filesystem",
        storage_class="custom-csi-storageclass",
        size="50Gi",
        leaving=False,
    )
    declare(config, live=LiveFacts(claims={"theirs": theirs}))
    (adopted,) = {id(each): each for each in options if each.import_}.values()
    assert adopted.import_ == "openshift-image-registry/theirs"
    assert {
        "spec.volumeName",
        'metadata.labels["team"]',
        'metadata.annotations["made-by"]',
        "metadata.finalizers",
    } <= set(adopted.ignore_changes)


def test_a_preview_without_a_cluster_does_not_ask_for_an_import(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = record_options(monkeypatch)
    config = cinder()
    config["storage"]["claim"] = {"adopt": {"name": "theirs", "size": "50Gi"}}
    declare(config, None)
    assert not [each for each in options if each.import_]


def test_claims_are_protected_and_retained(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = record_options(monkeypatch)
    declare(cinder())
    assert [each for each in options if each.protect and each.retain_on_delete]


def test_the_kubeconfig_is_a_secret(declare: Declare) -> None:
    inputs = declare(cinder()).one("kubernetes").inputs
    assert inputs["kubeconfig"][SECRET]
    assert "CANARY-token" in inputs["kubeconfig"]["value"]
    assert inputs["clusterIdentifier"] == "one-x7k2p"
    assert "namespace" not in inputs


def test_a_preview_without_a_kubeconfig_declares_the_same(declare: Declare) -> None:
    assert [each.typ for each in declare(cinder(), None).made] == [
        each.typ for each in declare(cinder()).made
    ]


def test_an_http_secret_stays_secret(declare: Declare) -> None:
    config = cinder(registry={"httpSecret": "CANARY-http"})
    # The mocks' transport moves the mark of a nested secret to the top of its property.
    spec = declare(config).one("ConfigPatch").inputs["spec"]
    assert spec[SECRET]
    assert spec["value"]["httpSecret"] == "CANARY-http"


def test_the_operators_secrets_are_secret_outputs(
    declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator fills in spec.httpSecret; kubectl's annotation may repeat it."""
    options = record_options(monkeypatch)
    declare(cinder())
    named = [each.additional_secret_outputs for each in options if each.additional_secret_outputs]
    assert ["spec", "metadata"] in named


def test_no_component_sees_the_platform() -> None:
    """Only the settings class and the component of a backend know which platform it is for."""
    root = Path(__file__).parents[2] / "components"
    for path in root.glob("*.py"):
        found = re.findall(r"cinder|vsphere|nutanix", path.read_text(), re.IGNORECASE)
        assert not found, path.name


def record_options(monkeypatch: pytest.MonkeyPatch) -> list[pulumi.ResourceOptions]:
    """Mocks don't show options: keep each one that is made."""
    made: list[pulumi.ResourceOptions] = []
    original = pulumi.ResourceOptions.__init__

    def init(self: pulumi.ResourceOptions, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        made.append(self)

    monkeypatch.setattr(pulumi.ResourceOptions, "__init__", init)
    return made
