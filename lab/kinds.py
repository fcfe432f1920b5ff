"""The API kinds the lab works with, as plain dictionaries.

lightkube's typed models drop fields that they do not know, which a whole-object
update would then delete from the server. A dictionary keeps everything.
"""

from typing import Any

from lightkube.core.resource import ApiInfo, ResourceDef
from lightkube.generic_resource import (
    GenericGlobalResource,
    GenericGlobalStatus,
    GenericNamespacedResource,
    GenericNamespacedStatus,
)

Object = dict[str, Any]
"""A Kubernetes object (or a part of one) as it is on the wire."""

_VERBS = ["delete", "get", "list", "patch", "post", "put", "watch", "global_list", "global_watch"]


def _kind(group: str, version: str, kind: str, plural: str, namespaced: bool = False) -> Any:
    resource = ResourceDef(group, version, kind)
    status_info = ApiInfo(resource, plural, ["get", "patch", "put"], resource, "status")
    status_base = GenericNamespacedStatus if namespaced else GenericGlobalStatus
    status = type(f"{kind}Status", (status_base,), {"_api_info": status_info})
    base = GenericNamespacedResource if namespaced else GenericGlobalResource
    return type(kind, (base,), {"_api_info": ApiInfo(resource, plural, _VERBS), "Status": status})


Namespace = _kind("", "v1", "Namespace", "namespaces")
Node = _kind("", "v1", "Node", "nodes")
PersistentVolume = _kind("", "v1", "PersistentVolume", "persistentvolumes")
PersistentVolumeClaim = _kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", True)
ConfigMap = _kind("", "v1", "ConfigMap", "configmaps", True)
Secret = _kind("", "v1", "Secret", "secrets", True)
Service = _kind("", "v1", "Service", "services", True)
ServiceAccount = _kind("", "v1", "ServiceAccount", "serviceaccounts", True)
Event = _kind("", "v1", "Event", "events", True)
Deployment = _kind("apps", "v1", "Deployment", "deployments", True)
CronJob = _kind("batch", "v1", "CronJob", "cronjobs", True)
Job = _kind("batch", "v1", "Job", "jobs", True)
ClusterRole = _kind("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles")
ClusterRoleBinding = _kind(
    "rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings"
)
StorageClass = _kind("storage.k8s.io", "v1", "StorageClass", "storageclasses")
CustomResourceDefinition = _kind(
    "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions"
)

Config = _kind("imageregistry.operator.openshift.io", "v1", "Config", "configs")
ImagePruner = _kind("imageregistry.operator.openshift.io", "v1", "ImagePruner", "imagepruners")
Image = _kind("config.openshift.io", "v1", "Image", "images")
Authentication = _kind("config.openshift.io", "v1", "Authentication", "authentications")
Infrastructure = _kind("config.openshift.io", "v1", "Infrastructure", "infrastructures")
Ingress = _kind("config.openshift.io", "v1", "Ingress", "ingresses")
Proxy = _kind("config.openshift.io", "v1", "Proxy", "proxies")
ClusterVersion = _kind("config.openshift.io", "v1", "ClusterVersion", "clusterversions")
ClusterOperator = _kind("config.openshift.io", "v1", "ClusterOperator", "clusteroperators")
ObjectBucketClaim = _kind(
    "objectbucket.io", "v1alpha1", "ObjectBucketClaim", "objectbucketclaims", True
)
ObjectBucket = _kind("objectbucket.io", "v1alpha1", "ObjectBucket", "objectbuckets")
Route = _kind("route.openshift.io", "v1", "Route", "routes", True)

BY_KIND = {each.__name__: each for each in list(globals().values()) if hasattr(each, "_api_info")}
"""Kind -> class; all the kinds above have names of their own."""


def of(document: Object) -> Any:
    """`document` as an instance of its kind's class, ready for the client."""
    return BY_KIND[document["kind"]](document)
