"""The configuration a cluster starts with (pkg/operator/bootstrap.go, pkg/storage/storage.go)."""

from lab.kinds import Object
from lab.operator import names

NO_STORAGE = {
    "BareMetal",
    "VSphere",
    "None",
    "Nutanix",
    "KubeVirt",
    "EquinixMetal",
    "External",
}
CLOUDS = {
    "AWS": "s3",
    "Azure": "azure",
    "GCP": "gcs",
    "IBMCloud": "ibmcos",
    "PowerVS": "ibmcos",
    "AlibabaCloud": "oss",
}
CLAIMS = {"OpenStack", "oVirt"}


def platform_storage(infrastructure: Object) -> tuple[Object, int]:
    """The platform's own backend block and its replicas (`GetPlatformStorage`).

    OpenStack's is swift if its catalog has it; the lab's has none.
    """
    platform = infrastructure.get("status", {}).get("platformStatus", {}).get("type", "")
    if platform in NO_STORAGE:
        return {}, 1
    if platform in CLOUDS:
        return {CLOUDS[platform]: {}}, 2
    if platform in CLAIMS:
        return {"pvc": {"claim": names.DEFAULT_CLAIM}}, 1
    return {"emptyDir": {}}, 1


def bootstrap(infrastructure: Object) -> list[Object]:
    """What to create on a cluster that has no configuration, in order (`Bootstrap`).

    A platform without storage starts as Removed; one with a claim gets that claim
    (ReadWriteOnce, 100Gi, class standard-csi) and, as it can only be mounted once, Recreate.
    """
    storage, replicas = platform_storage(infrastructure)
    if infrastructure.get("status", {}).get("infrastructureTopology") == "SingleReplica":
        replicas = 1
    config = {
        "apiVersion": "imageregistry.operator.openshift.io/v1",
        "kind": "Config",
        "metadata": {"name": "cluster", "finalizers": [names.FINALIZER]},
        "spec": {
            "logLevel": "Normal",
            "operatorLogLevel": "Normal",
            "managementState": "Managed" if storage else "Removed",
            "storage": storage,
            "replicas": replicas,
            "rolloutStrategy": "Recreate" if "pvc" in storage else "RollingUpdate",
        },
    }
    claim = storage.get("pvc", {}).get("claim")
    if claim is None:
        return [config]
    platform = infrastructure["status"]["platformStatus"]["type"]
    storage_class = "ovirt-csi-sc" if platform == "oVirt" else "standard-csi"
    return [claim_of(claim, "ReadWriteOnce", storage_class), config]


def claim_of(name: str, access_mode: str, storage_class: str | None = None) -> Object:
    """A claim made by the operator; without a class it is the cluster's default one."""
    spec: Object = {
        "accessModes": [access_mode],
        "resources": {"requests": {"storage": "100Gi"}},
    }
    if storage_class is not None:
        spec["storageClassName"] = storage_class
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {
            "name": name,
            "namespace": names.NAMESPACE,
            "annotations": {names.OWNER_ANNOTATION: "true"},
        },
        "spec": spec,
    }
