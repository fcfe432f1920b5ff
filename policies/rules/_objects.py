"""The objects that rules look at: type tokens, and how to read them."""

from collections.abc import Mapping, Sequence
from typing import Any

from declare import Framework, Resource

CONFIG = "kubernetes:imageregistry.operator.openshift.io/v1:Config"
# CustomResourcePatch registers the patch of a kind under the kind's name plus Patch.
CONFIG_PATCH = "kubernetes:imageregistry.operator.openshift.io/v1:ConfigPatch"
IMAGE_PRUNER = "kubernetes:imageregistry.operator.openshift.io/v1:ImagePruner"
IMAGE_PRUNER_PATCH = "kubernetes:imageregistry.operator.openshift.io/v1:ImagePrunerPatch"
IMAGE = "kubernetes:config.openshift.io/v1:Image"
IMAGE_PATCH = "kubernetes:config.openshift.io/v1:ImagePatch"
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
CLAIM_PATCH = "kubernetes:core/v1:PersistentVolumeClaimPatch"
VOLUME = "kubernetes:core/v1:PersistentVolume"
VOLUME_PATCH = "kubernetes:core/v1:PersistentVolumePatch"
STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
CONFIG_MAP_PATCH = "kubernetes:core/v1:ConfigMapPatch"
SECRET = "kubernetes:core/v1:Secret"
SECRET_PATCH = "kubernetes:core/v1:SecretPatch"
PROVIDER = "pulumi:providers:kubernetes"
# The component around a stack of this project. A rule that judges the stack sees what the
# component registers as outputs: environment, and storageClasses, the names of the cluster's.
IMAGE_REGISTRY = "openshift-registry:index:ImageRegistry"

CONFIGS = (CONFIG, CONFIG_PATCH)
IMAGES = (IMAGE, IMAGE_PATCH)
IMAGE_PRUNERS = (IMAGE_PRUNER, IMAGE_PRUNER_PATCH)
CONFIG_MAPS = (CONFIG_MAP, CONFIG_MAP_PATCH)
SECRETS = (SECRET, SECRET_PATCH)
SINGLETON_PATCHES = (CONFIG_PATCH, IMAGE_PRUNER_PATCH, IMAGE_PATCH)

NAMESPACE = "openshift-image-registry"
TRUST_NAMESPACE = "openshift-config"

BACKENDS = ("emptyDir", "s3", "gcs", "swift", "pvc", "azure", "ibmcos", "oss")


def guide(reference: str) -> Framework:
    """A section of Red Hat's registry guide."""
    return Framework("OpenShift Container Platform registry guide", "4.15", reference)


def api(reference: str) -> Framework:
    """A field of the image registry operator's API."""
    return Framework("imageregistry.operator.openshift.io", "v1", reference)


def kubernetes(reference: str) -> Framework:
    """A field of the Kubernetes API."""
    return Framework("Kubernetes API", "v1", reference)


def image_config(reference: str) -> Framework:
    """A field of the cluster-wide image configuration."""
    return Framework("image.config.openshift.io", "v1", reference)


def rbac(reference: str) -> Framework:
    """Role-based access control, as OpenShift ships and keeps it."""
    return Framework("Kubernetes RBAC", "v1", reference)


def plugin(reference: str) -> Framework:
    """A documented behaviour of Pulumi's Kubernetes plugin."""
    return Framework("pulumi-kubernetes", "4", reference)


def at(props: Any, *path: str) -> Any:
    """The value at a path, None where any part of it is absent.

    Raises UnknownValueError when a preview can't know a part of it.
    """
    for key in path:
        if not isinstance(props, Mapping):
            return None
        props = props.get(key)
    return props


def text(props: Any, *path: str) -> str | None:
    """The string at a path; None where there is none, which the API server has its own word for."""
    value = at(props, *path)
    return value if isinstance(value, str) else None


def entries(props: Any, *path: str) -> list[Any]:
    """The items of the list at a path; none where there is no list."""
    found = at(props, *path)
    return list(found) if isinstance(found, Sequence) and not isinstance(found, str) else []


def mapping(props: Any, *path: str) -> Mapping[str, Any]:
    """The mapping at a path, empty where there is none. Its keys are known if it is."""
    found = at(props, *path)
    return found if isinstance(found, Mapping) else {}


def annotation(resource: Resource, key: str) -> str | None:
    return text(resource.props, "metadata", "annotations", key)


def is_patch(resource: Resource) -> bool:
    """Whether it is a part of an object, of which the plan does not know the rest."""
    return resource.resource_type.endswith("Patch")


def is_registry_claim(claim: Resource) -> bool:
    """Whether the operator could use it: it looks for claims in its own namespace only."""
    return text(claim.props, "metadata", "namespace") == NAMESPACE


def is_default_provider(provider: Resource) -> bool:
    """Whether the engine made it, for resources that name none: default or default_4_24_0."""
    return provider.name == "default" or provider.name.startswith("default_")


def access_modes(volume: Resource) -> list[Any]:
    """Of a volume or of a claim to one."""
    return entries(volume.props, "spec", "accessModes")


def has_replicas(config: Resource) -> bool:
    """Whether more than one pod serves images. Numbers arrive as floats."""
    replicas = at(config.props, "spec", "replicas")
    return isinstance(replicas, int | float) and replicas > 1
