"""The resources of lab-cinder and the same live reads, straight down, without checks."""

import os
from pathlib import Path

import pulumi
import yaml
from httpx2 import Timeout
from lightkube import Client, KubeConfig
from lightkube.core.exceptions import ApiError
from lightkube.generic_resource import create_global_resource, create_namespaced_resource
from pulumi import ResourceOptions
from pulumi_kubernetes import Provider
from pulumi_kubernetes.apiextensions import CustomResourcePatch
from pulumi_kubernetes.core.v1 import PersistentVolumeClaim
from pulumi_kubernetes.storage.v1 import StorageClass

NAMESPACE = "openshift-image-registry"

kubeconfig = Path(os.environ["KUBECONFIG"]).read_text()
client = Client(KubeConfig.from_dict(yaml.safe_load(kubeconfig)), Timeout(30), trust_env=False)


def get(api: str, plural: str, name: str, namespace: str | None = None) -> None:
    group, _, version = api.rpartition("/")
    make = create_namespaced_resource if namespace else create_global_resource
    try:
        client.get(make(group, version, plural, plural), name, namespace=namespace)
    except ApiError as error:
        if error.status.code != 404:
            raise


get("config.openshift.io/v1", "infrastructures", "cluster")
get("config.openshift.io/v1", "clusterversions", "version")
get("imageregistry.operator.openshift.io/v1", "configs", "cluster")
get("v1", "persistentvolumeclaims", "csi-pvc-imageregistry", NAMESPACE)
get("storage.k8s.io/v1", "storageclasses", "custom-csi-storageclass")

provider = Provider("cluster", kubeconfig=pulumi.Output.secret(kubeconfig))
made = StorageClass(
    "custom-csi-storageclass",
    metadata={"name": "custom-csi-storageclass"},
    provisioner="cinder.csi.openstack.org",
    parameters={"availability": "nova"},
    volume_binding_mode="WaitForFirstConsumer",
    allow_volume_expansion=True,
    opts=ResourceOptions(provider=provider),
)
claim = PersistentVolumeClaim(
    "csi-pvc-imageregistry",
    metadata={
        "name": "csi-pvc-imageregistry",
        "namespace": NAMESPACE,
        # Before 4.27 the plugin waits in vain for a claim that is bound already.
        "annotations": {"pulumi.com/skipAwait": "true"},
    },
    spec={
        "access_modes": ["ReadWriteOnce"],
        "volume_mode": "Filesystem",
        "resources": {"requests": {"storage": "100Gi"}},
        "storage_class_name": "custom-csi-storageclass",
    },
    opts=ResourceOptions(provider=provider, depends_on=[made]),
)
CustomResourcePatch(
    "cluster",
    api_version="imageregistry.operator.openshift.io/v1",
    kind="Config",
    metadata={"name": "cluster", "annotations": {"pulumi.com/patchForce": "true"}},
    spec={
        "replicas": 1,
        "rolloutStrategy": "Recreate",
        "managementState": "Managed",
        "storage": {"managementState": "Unmanaged", "pvc": {"claim": "csi-pvc-imageregistry"}},
    },
    opts=ResourceOptions(provider=provider, depends_on=[claim]),
)
