"""Mistakes that others have made in public, as far as a stack file can make them."""

from typing import Any

import pytest

from settings import SettingsError, StackSettings, validate
from tests.certificates import CHAIN, HOST, ROOT
from tests.settings.cases import GONE, changed

MODES = "storage.claim.create.accessModes"
ANY_CLASS = {"storage.storageClass": {"use": {"name": "standard"}}}
RWX = {**ANY_CLASS, MODES: ["ReadWriteMany"]}


def accepted(changes: dict[str, Any]) -> StackSettings:
    return validate(changed(changes), stack="prod-1")


def refused(changes: dict[str, Any]) -> dict[str, str]:
    """Path -> rule of every problem."""
    with pytest.raises(SettingsError) as error:
        accepted(changes)
    return {each.path: each.rule for each in error.value.problems}


def test_c01_two_backends() -> None:
    """openshift/hypershift PR 187: the operator stops with two. Here there is no way to say it."""
    assert refused({"storage.s3": {"bucket": "b"}}) == {"storage.s3": "unknown-key"}
    assert refused({"storage.emptyDir": {}}) == {"storage.emptyDir": "unknown-key"}
    assert refused({"storage.pvc": {}}) == {"storage.pvc": "not-settable"}
    two = {"emptyDir": {}, "s3": {"bucket": "b"}}
    assert refused({"storage.replaces": two}) == {"storage.replaces": "exactly-one"}


def test_c02_replicas_on_a_claim_for_one_node() -> None:
    """openshift/release PR 44828; operate-first/apps PR 2710, 2711."""
    two = {"registry.replicas": 2}
    assert refused(two) == {"registry.replicas": "operator:rwo-replicas"}
    assert refused({**two, "registry.rolloutStrategy": "Recreate"}) == {
        "registry.replicas": "operator:rwo-replicas"
    }
    both = {**ANY_CLASS, MODES: ["ReadWriteOnce", "ReadWriteMany"]}
    assert accepted({**both, **two}).effective_replicas == 2
    for mode in ("ReadWriteOncePod", "ReadOnlyMany"):
        assert MODES in refused({**ANY_CLASS, MODES: [mode], "registry.replicas": 1})


def test_c19_log_level_has_no_info() -> None:
    """operate-first/apps; appuio/component-openshift4-registry. See test_registry_spec too."""
    assert refused({"registry.logLevel": "info"}) == {"registry.logLevel": "value"}


def test_c21_node_local_storage() -> None:
    """openshift/hypershift; openshift-kni/baremetal-deploy issue 434. In production the policy
    empty-dir-development-only stops the one replica that is let pass here."""
    two = {"storage": {"kind": "emptyDir"}, "registry.replicas": 2}
    assert refused(two) == {"registry.replicas": "storage:empty-dir-replicas"}
    one = accepted({"storage": {"kind": "emptyDir"}})
    assert (one.effective_replicas, one.effective_rollout_strategy) == (1, None)
    assert [each.rule for each in one.warnings] == ["storage:empty-dir"]


def test_c23_managed_storage_can_not_be_said() -> None:
    """openshift/release ipi-install-vsphere-registry: the operator would delete the claim."""
    assert refused({"storage.managementState": "Managed"}) == {
        "storage.managementState": "not-settable"
    }


@pytest.mark.parametrize("mode", ["Filesystem", None])
def test_c25_shared_files_on_ceph_rbd(mode: str | None) -> None:
    """RHFieldProductManagement/openshift-aio issue 5; hobby-kube/guide issue 88."""
    block = {"use": {"name": "ocs-storagecluster-ceph-rbd"}}
    files = {"use": {"name": "ocs-storagecluster-cephfs"}}
    volume = {"storage.claim.create.volumeMode": mode} if mode else {}
    two = {"registry.replicas": 2, MODES: ["ReadWriteMany"], **volume}
    assert refused({**two, "storage.storageClass": block}) == {MODES: "storage:block-shared"}
    assert accepted({**two, "storage.storageClass": files}).effective_replicas == 2
    assert accepted({"storage.storageClass": block, **volume}).effective_replicas == 1


def test_c25_shared_block_volume() -> None:
    changes = {**RWX, "storage.claim.create.volumeMode": "Block", "registry.replicas": 2}
    assert refused(changes) == {"storage.claim.create.volumeMode": "operator:block-volume"}


def test_c26_the_routes_certificate() -> None:
    """appuio/component-openshift4-registry; openshift-docs PR 15370: the key is tls.cacrt."""
    host = {"hostname": HOST}
    keys = {"name": "public-route-tls", "tls.crt": CHAIN, "tls.key": {"secure": "v1:x"}}

    def exposed(**route: Any) -> dict[str, Any]:
        return {"exposure": {"routes": [{"name": "public", **route}]}}

    settings = accepted(exposed(**host, certificate={"create": keys}))
    assert settings.exposure is not None
    assert settings.exposure.spec()["routes"] == [
        {"name": "public", **host, "secretName": "public-route-tls"}
    ]
    path = "exposure.routes[0]"
    wrong = exposed(**host, certificate={"create": {**keys, "ca.crt": ROOT.pem}})
    assert refused(wrong) == {f'{path}.certificate.create["ca.crt"]': "not-settable"}
    assert set(refused(exposed(**host, name="default-route"))) == {f"{path}.name"}
    assert set(refused({"exposure": {"routes": [host]}})) == {f"{path}.name"}
    assert len(refused({"exposure": {"routes": [{"name": "one"}, {"name": "one"}]}})) == 1
    assert accepted(exposed(**host)).exposure.spec()["routes"] == [{"name": "public", **host}]
    assert refused(exposed(**host, namespace="default"))


def test_c28_proxy() -> None:
    """cluster-image-registry-operator PR 369, PR 294."""
    bare = {"registry.proxy": {"https": "proxy.example.test:3128"}}
    assert refused(bare) == {"registry.proxy.https": "proxy-url"}
    fine = {"registry.proxy": {"https": "http://proxy.example.test:3128"}}
    settings = accepted(fine)
    assert settings.registry.spec()["proxy"] == {"https": "http://proxy.example.test:3128"}
    assert settings.warnings == ()
    short = accepted({"registry.proxy": {"noProxy": "example.test"}})
    assert [each.rule for each in short.warnings] == ["operator:no-proxy"]


def test_c36_cinder_zone() -> None:
    """openshift/installer issue 4806; the guide's golden values."""
    storage = {
        "kind": "claim",
        "storageClass": {
            "create": {
                "name": "registry-csi",
                "provisioner": "cinder.csi.openstack.org",
                "volumeBindingMode": "WaitForFirstConsumer",
                "parameters": {"availability": "storage0"},
            }
        },
        "claim": {
            "create": {
                "name": "csi-pvc-imageregistry",
                "size": "100Gi",
                "accessModes": ["ReadWriteOnce"],
            }
        },
    }
    settings = accepted({"storage": storage})
    assert settings.storage is not None
    assert settings.storage.storage_class.parameters == {"availability": "storage0"}
    assert settings.storage.claim.volume_mode == "Filesystem"
    assert (settings.effective_replicas, settings.effective_rollout_strategy) == (1, "Recreate")
    assert settings.warnings == ()
    old = accepted({"storage.storageClass.create.provisioner": "kubernetes.io/cinder"})
    assert [each.rule for each in old.warnings] == ["storage:in-tree-cinder"]


def test_c39_only_what_the_user_set() -> None:
    """pulumi/pulumi-kubernetes issue 2219: what a patch names it fights for."""
    changes = {**RWX, "registry": {"replicas": 3, "rolloutStrategy": "RollingUpdate"}}
    assert accepted(changes).registry.spec() == {
        "managementState": "Managed",
        "replicas": 3,
        "rolloutStrategy": "RollingUpdate",
    }
    for value in ({}, None):
        found = refused({"registry.observedConfig": value})
        assert found == {"registry.observedConfig": "not-settable"}


def test_r5_the_pruners_age_in_nanoseconds() -> None:
    """openshift-docs PR 23824, 23859; openshift/api types_imagepruner.go."""
    found = refused({"pruning": {"keepYoungerThan": "60m"}})
    assert set(found) == {"pruning.keepYoungerThan"}
    fine = accepted({"pruning": {"keepYoungerThanDuration": "60m"}})
    assert fine.pruning is not None
    assert fine.pruning.spec() == {"keepYoungerThanDuration": "60m"}
    both = {"keepYoungerThan": 1, "keepYoungerThanDuration": "60m"}
    assert accepted({"pruning": both}).pruning.spec() == {"keepYoungerThanDuration": "60m"}


@pytest.mark.parametrize("platform", ["BareMetal", "VSphere", "Nutanix", "None"])
def test_r7_managed_without_storage(platform: str) -> None:
    """openshift-docs PR 14476, 17994."""
    bare = {"storage": GONE, "cluster.platform": platform, "registry.replicas": 1}
    assert refused(bare) == {"storage": "operator:no-storage"}
    assert accepted({**bare, "registry.managementState": "Removed"})
    assert accepted({**bare, "cluster.platform": "AWS"})


def test_r9_a_claim_has_no_other_namespace() -> None:
    """The operator looks in its own only: pkg/storage/pvc/pvc.go."""
    assert refused({"storage.claim.create.namespace": "default"}) == {
        "storage.claim.create.namespace": "not-settable"
    }


def test_removed_leaves_the_storage_alone() -> None:
    """Under Unmanaged storage nothing is deleted (guide 2.5); what it means is said (2.1)."""
    settings = accepted({"registry.managementState": "Removed"})
    assert settings.storage is not None
    (warning,) = settings.warnings
    assert warning.rule == "operator:removed"
    assert "the images stay" in warning.message and "pruner" in warning.message
