"""What a cluster starts with, per platform."""

import pytest

from lab.openshift import PROFILES
from lab.openshift.singletons import singletons
from lab.operator.bootstrap import bootstrap, platform_storage


def infrastructure(platform: str, topology: str = "HighlyAvailable") -> dict:
    return {
        "status": {"platformStatus": {"type": platform}, "infrastructureTopology": topology},
    }


def test_openstack_without_swift_gets_a_cinder_claim() -> None:
    claim, config = bootstrap(singletons(PROFILES["OpenStack"])[0])
    assert claim["metadata"]["name"] == "image-registry-storage"
    assert claim["metadata"]["annotations"] == {"imageregistry.openshift.io": "true"}
    assert claim["spec"] == {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "100Gi"}},
        "storageClassName": "standard-csi",
    }
    spec = config["spec"]
    assert spec["storage"] == {"pvc": {"claim": "image-registry-storage"}}
    assert (spec["replicas"], spec["rolloutStrategy"]) == (1, "Recreate")
    assert spec["managementState"] == "Managed"
    assert config["metadata"]["finalizers"] == ["imageregistry.operator.openshift.io/finalizer"]


@pytest.mark.parametrize("platform", ["BareMetal", "VSphere", "Nutanix", "None", "External"])
def test_platforms_without_storage_start_as_removed(platform: str) -> None:
    (config,) = bootstrap(infrastructure(platform))
    assert config["spec"]["managementState"] == "Removed"
    assert config["spec"]["storage"] == {}
    assert config["spec"]["replicas"] == 1


@pytest.mark.parametrize(
    ("platform", "storage"),
    [
        ("AWS", {"s3": {}}),
        ("Azure", {"azure": {}}),
        ("GCP", {"gcs": {}}),
        ("PowerVS", {"ibmcos": {}}),
    ],
)
def test_clouds_start_with_two_replicas_of_their_own(platform: str, storage: dict) -> None:
    assert platform_storage(infrastructure(platform)) == (storage, 2)
    (config,) = bootstrap(infrastructure(platform, "SingleReplica"))
    assert config["spec"]["replicas"] == 1
    assert config["spec"]["rolloutStrategy"] == "RollingUpdate"


def test_an_unknown_platform_gets_an_empty_dir() -> None:
    (config,) = bootstrap(infrastructure("Libvirt"))
    assert config["spec"]["storage"] == {"emptyDir": {}}
    assert config["spec"]["managementState"] == "Managed"
