"""Mistakes that others have made in public, as far as a stack file can make them."""

from typing import Any

import pytest

from settings import SettingsError, StackSettings, validate
from settings.later import Later
from tests.certificates import CHAIN, HOST, ROOT
from tests.settings import cases_azure, cases_gcs, cases_swift
from tests.settings.cases import GONE, changed
from tests.settings.cases_s3 import AWS, KEY, OTHER, storage

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


@pytest.mark.parametrize(
    "name", ["", "ab", "Image-Registry", "image_registry", "image--registry", "-registry"]
)
def test_c08_a_container_of_azure(name: str) -> None:
    """cluster-image-registry-operator PR 492: what is not set is absent, never empty."""
    for mode in ("create", "use"):
        section = cases_azure.storage(account=cases_azure.USED, container={mode: {"name": name}})
        (rule,) = refused({"storage": section}).values()
        assert rule == ("azure:container-name" if name else "empty")
    fine = accepted({"storage": cases_azure.AZURE}).storage.backend["azure"]
    assert fine["container"] == "image-registry" and "" not in fine.values()


def test_c14_the_keys_of_swift() -> None:
    """openshift/openshift-docs PR 63779 and others have REGISTRY_STORAGE_SWIFT_USER."""

    def given(*keys: str) -> dict[str, Any]:
        chosen = {"given": dict.fromkeys(keys, cases_swift.SEALED)}
        return {"storage": cases_swift.storage(cases_swift.BY_USER, credentials=chosen)}

    user, password = "REGISTRY_STORAGE_SWIFT_USER", cases_swift.PASSWORD
    at = "storage.credentials.given"
    assert refused(given(user, password))[f"{at}.{user}"] == "unknown-key"
    assert refused(given(*cases_swift.TRIO[::2])) == {at: "credentials:set"}
    for keys in ((cases_swift.USERNAME, password), cases_swift.TRIO):
        assert set(accepted(given(*keys)).storage.credentials.data) == set(keys)
    token = given(cases_swift.TOKEN)
    assert refused(token) == {at: "version"}
    assert accepted({**token, "cluster.version": "4.20"})


def test_c16_project_without_region() -> None:
    """openshift/openshift-docs PR 63779: the operator writes the cluster's project over it."""
    used = {"bucket": {"use": {"name": "shared-registry"}}, "credentials": {"use": {}}}
    section = cases_gcs.storage(**used)
    assert accepted({"storage": section}).storage.backend == {
        "gcs": {
            "bucket": "shared-registry",
            "region": "europe-west1",
            "projectID": "platform-shared",
        }
    }
    without = cases_gcs.storage(region=GONE, **used)
    assert refused({"storage": without}) == {"storage.region": "gcs:region"}


def test_r3_abandoned_uploads_go_by_their_age() -> None:
    """googleapis/python-storage PR 765; googleapis/java-storage PR 1347."""
    for key in ("matchesStorageClass", "matchesPrefix", "matchesSuffix"):
        bucket = cases_gcs.bucket(lifecycle={key: ["STANDARD"]})
        (rule,) = refused({"storage": cases_gcs.storage(bucket=bucket)}).values()
        assert rule == "not-settable"
    assert accepted({"storage": cases_gcs.GCS}).storage.bucket.lifecycle.plain() == {}


def test_r15_the_key_of_the_keyfile() -> None:
    """cluster-image-registry-operator PR 284."""
    given = {"given": {"STORAGE_GCS_KEYFILE": cases_gcs.SEALED}}
    found = refused({"storage": cases_gcs.storage(credentials=given)})
    assert found["storage.credentials.given.STORAGE_GCS_KEYFILE"] == "unknown-key"
    fine = accepted({"storage": cases_gcs.storage(credentials=cases_gcs.GIVEN)})
    assert set(fine.storage.credentials.data) == {"REGISTRY_STORAGE_GCS_KEYFILE"}


def test_c17_azure_government() -> None:
    """openshift/openshift-docs PR 25807: without cloudName the account is not found."""
    given = {**cases_azure.FOUND, "credentials": cases_azure.GIVEN}
    there = accepted({"storage": {**given, "environment": "usgovernment"}}).storage
    assert there.backend["azure"]["cloudName"] == "AzureUSGovernmentCloud"
    nowhere = {key: each for key, each in given.items() if key != "environment"}
    assert refused({"storage": nowhere}) == {"storage.environment": "required"}
    wrong = {**given, "cloudName": "AzureGovernment"}
    assert refused({"storage": wrong}) == {"storage.cloudName": "azure:cloud-name"}
    far = cases_azure.storage(location="usgovvirginia")
    assert refused({"storage": far}) == {"storage.location": "azure:environment"}
    for name in ("AzurePublicCloud", "AzureStackCloud"):
        assert accepted({"storage": {**given, "cloudName": name}})


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


ENDPOINT, REGION = "storage.regionEndpoint", "storage.region"


def s3(**keys: Any) -> dict[str, Any]:
    """Storage in a bucket of somebody else's service."""
    return {"storage": storage(OTHER, **keys)}


def test_c04_endpoint_without_a_scheme_and_no_region() -> None:
    """cluster-image-registry-operator issue 752; twuni/docker-registry.helm issue 97;
    distribution/distribution issue 3412."""
    bare, whole = "objects.example.test:9021", "https://objects.example.test:9021"
    both = refused(s3(regionEndpoint=bare, region=GONE))
    assert both[ENDPOINT] == "s3:endpoint"
    assert refused(s3(regionEndpoint=bare)) == {ENDPOINT: "s3:endpoint"}
    assert refused(s3(regionEndpoint=whole, region=GONE)) == {REGION: "s3:region"}
    accepted(s3(regionEndpoint=whole, region="us-east-1"))


@pytest.mark.parametrize("style", [True, False])
def test_c06_bucket_in_the_endpoint(style: bool) -> None:
    """openshift/release PR 57914, OCPBUGS-42198."""
    nutanix = {"service": "nutanix", "bucket": {"use": {"name": "ocp-registry"}}}
    nutanix |= {"virtualHostedStyle": style}
    baked = s3(regionEndpoint="https://ocp-registry.objects.example.test", **nutanix)
    assert refused(baked) == {ENDPOINT: "s3:bucket-in-endpoint"}
    fine = accepted(s3(regionEndpoint="https://objects.example.test", **nutanix))
    assert fine.storage is not None
    assert fine.storage.backend["s3"]["virtualHostedStyle"] is style


def test_c11_key_without_encryption() -> None:
    """cluster-image-registry-operator issue 161, PR 166."""
    used = storage(AWS, bucket={"use": {"name": "reg-a"}}, keyID=KEY)
    for off in ({}, {"encrypt": False}):
        assert refused({"storage": {**used, **off}}) == {"storage.keyID": "s3:key-ignored"}
    accepted({"storage": {**used, "encrypt": True}})
    without = {key: each for key, each in used.items() if key != "keyID"}
    fine = accepted({"storage": {**without, "encrypt": True}})
    assert fine.storage is not None and fine.storage.backend["s3"]["encrypt"] is True


@pytest.mark.parametrize("rule", [{"expirationDays": 90}, {"transition": {"days": 30}}])
def test_c13_images_can_not_be_expired(rule: dict[str, Any]) -> None:
    """distribution/distribution issue 4363."""
    bucket = {"create": {"name": "reg-a-images", "lifecycle": rule}}
    (found,) = refused({"storage": storage(AWS, bucket=bucket)}).items()
    assert found == (f"storage.bucket.create.lifecycle.{next(iter(rule))}", "not-settable")


def test_c31_noobaa_by_its_route() -> None:
    """auto-shift/autoshiftv2; the bucket's name comes from the claim once it is bound."""
    claim = {
        "create": {
            "name": "image-registry-storage",
            "namespace": "openshift-image-registry",
            "storageClassName": "openshift-storage.noobaa.io",
            "generateBucketName": "image-registry-storage",
        }
    }
    full = {"kind": "objectBucketClaim", "provider": "noobaa", "claim": claim}
    settings = accepted({"storage": full})
    wanted = settings.storage
    assert wanted is not None and settings.effective_replicas == 2
    host = "https://s3-openshift-storage.apps.example.test"
    assert wanted.filled("image-registry-storage-1f2e", host)["s3"] == {
        "bucket": "image-registry-storage-1f2e",
        "region": "us-east-1",
        "regionEndpoint": host,
        "virtualHostedStyle": False,
        "encrypt": False,
        "trustedCA": {"name": "image-registry-s3-bundle"},
    }
    assert isinstance(wanted.backend["s3"]["bucket"], Later)
    short = accepted({"storage": {**full, "claim": {"create": {"name": "image-registry-storage"}}}})
    assert short.storage is not None
    assert short.storage.storage_class_name == wanted.storage_class_name
    assert short.storage.generate_bucket_name == wanted.generate_bucket_name
    assert short.storage.claim.namespace == wanted.claim.namespace


def test_r1_a_ca_over_plain_http() -> None:
    """openshift/release, Nutanix Objects. That it is plain HTTP at all is a policy's matter."""
    plain = {"service": "nutanix", "regionEndpoint": "http://objects.example.test"}
    found = accepted(s3(trustedCA={"use": {"name": "bundle"}}, **plain)).warnings
    assert [each.rule for each in found] == ["s3:plain-http", "s3:ca-unused"]
    assert [each.rule for each in accepted(s3(**plain)).warnings] == ["s3:plain-http"]


def test_r13_a_region_of_nobody() -> None:
    """oadp-operator issue 149, 80; goharbor/harbor issue 20789."""
    region = {"region": "noobaa"}
    assert refused({"storage": storage(AWS, **region)}) == {REGION: "s3:region"}
    lost = s3(service="noobaa", regionEndpoint=GONE, **region)
    assert refused(lost) == {ENDPOINT: "s3:endpoint-missing"}
    accepted(s3(service="noobaa", **region))
    new = accepted({"storage": storage(AWS, region="mx-central-1")})
    assert [each.rule for each in new.warnings] == ["s3:new-region"]
    url = "https://s3.mx-central-1.amazonaws.com"
    told = accepted({"storage": storage(AWS, region="mx-central-1", regionEndpoint=url)})
    assert told.warnings == ()


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        (["REGISTRY_STORAGE_S3_ACCESSKEY"], "required"),
        (["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], "unknown-key"),
    ],
)
def test_keys_of_a_bucket_have_their_names(keys: list[str], rule: str) -> None:
    """As C14 and R15 for other storage: the operator would say that keys are missing."""
    given = {"given": {key: {"secure": "v1:x"} for key in keys}}
    assert rule in refused(s3(credentials=given)).values()
