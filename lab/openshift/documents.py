"""Namespaces, trust, secrets and the pruner of a fresh cluster.

configs/cluster is not among them: the operator makes it.
"""

import base64

from lab.kinds import Object
from lab.openshift.scoped import cluster_scoped

REGISTRY = "openshift-image-registry"
NAMESPACES = (
    REGISTRY,
    "openshift-config",
    "openshift-config-managed",
    "openshift-ingress",
    "openshift-service-ca",
    "openshift",
)


def namespaces() -> list[Object]:
    return [namespace(each) for each in NAMESPACES]


def namespace(name: str) -> Object:
    """With the group and user ranges that OpenShift gives to every project."""
    ranges = {
        "openshift.io/sa.scc.mcs": "s0:c17,c4",
        "openshift.io/sa.scc.supplemental-groups": "1000280000/10000",
        "openshift.io/sa.scc.uid-range": "1000280000/10000",
    }
    return cluster_scoped("v1", "Namespace", name, annotations=ranges)


def config_maps(service_ca: str, ingress_ca: str) -> list[Object]:
    """Trust as OpenShift publishes it: the service CA to every namespace, the ingress CA once."""
    managed = "openshift-config-managed"
    return [
        *(
            _config_map(each, "openshift-service-ca.crt", "service-ca.crt", service_ca)
            for each in NAMESPACES
        ),
        _config_map(managed, "service-ca", "ca-bundle.crt", service_ca),
        _config_map(managed, "default-ingress-cert", "ca-bundle.crt", ingress_ca),
    ]


def pull_secret() -> Object:
    """An empty one: nothing is pulled here."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "pull-secret", "namespace": "openshift-config"},
        "type": "kubernetes.io/dockerconfigjson",
        "data": {".dockerconfigjson": base64.b64encode(b'{"auths":{}}').decode()},
    }


def image_pruner() -> Object:
    """With what the operator writes at first (pkg/operator/controllerimagepruner.go)."""
    spec = {
        "failedJobsHistoryLimit": 3,
        "ignoreInvalidImageReferences": True,
        "keepTagRevisions": 3,
        "logLevel": "Normal",
        "schedule": "",
        "successfulJobsHistoryLimit": 3,
        "suspend": False,
    }
    return cluster_scoped(
        "imageregistry.operator.openshift.io/v1", "ImagePruner", "cluster", spec=spec
    )


def _config_map(namespace: str, name: str, key: str, value: str) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": namespace},
        "data": {key: value},
    }
