from collections.abc import Iterator
from fnmatch import fnmatchcase

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import (
    CONFIG,
    CONFIG_MAP,
    IMAGE_PRUNER,
    NAMESPACE,
    SECRET,
    TRUST_NAMESPACE,
    plugin,
    text,
)
from ._rbac import CLUSTER_ROLE_BINDING

NAMESPACE_TYPE = "kubernetes:core/v1:Namespace"

# Kinds whose every object comes with the cluster. The mirror sets of the same group are not here:
# those are made by administrators.
SINGLETONS = (
    CONFIG,
    IMAGE_PRUNER,
    *(
        f"kubernetes:config.openshift.io/v1:{kind}"
        for kind in (
            "APIServer",
            "Authentication",
            "Build",
            "ClusterOperator",
            "ClusterVersion",
            "Console",
            "DNS",
            "FeatureGate",
            "Image",
            "Infrastructure",
            "Ingress",
            "Network",
            "Node",
            "OAuth",
            "OperatorHub",
            "Project",
            "Proxy",
            "Scheduler",
        )
    ),
)

# What Kubernetes takes for the random end of a generated name.
RANDOM = "[bcdfghjklmnpqrstvwxz2456789]" * 5
IN_EVERY_NAMESPACE = ("kube-root-ca.crt", "openshift-service-ca.crt")

# What operators and the installer keep in namespaces that also hold objects of ours, as patterns
# of names; without a namespace, what they keep in the cluster.
KEPT_BY_OPERATORS: dict[str, dict[str | None, tuple[str, ...]]] = {
    SECRET: {
        NAMESPACE: (
            "image-registry-operator-tls",
            "image-registry-private-configuration",
            "image-registry-tls",
            "installation-pull-secrets",
            "installer-cloud-credentials",
            f"*-dockercfg-{RANDOM}",
            f"*-token-{RANDOM}",
        ),
        TRUST_NAMESPACE: (
            "pull-secret",
            "etcd-client",
            "etcd-metric-client",
            "etcd-metric-signer",
            "etcd-signer",
            "initial-service-account-private-key",
            "webhook-authentication-integrated-oauth",
        ),
    },
    CONFIG_MAP: {
        NAMESPACE: (
            *IN_EVERY_NAMESPACE,
            "image-registry-certificates",
            "serviceca",
            "trusted-ca",
        ),
        TRUST_NAMESPACE: (
            *IN_EVERY_NAMESPACE,
            "admin-kubeconfig-client-ca",
            "cloud-provider-config",
            "etcd-*bundle",
            "etcd-*serving-ca",
            "initial-kube-apiserver-server-ca",
            "openshift-install*",
            "user-ca-bundle",
        ),
    },
    "kubernetes:apps/v1:Deployment": {
        NAMESPACE: ("image-registry", "cluster-image-registry-operator")
    },
    "kubernetes:apps/v1:DaemonSet": {NAMESPACE: ("node-ca",)},
    "kubernetes:batch/v1:CronJob": {NAMESPACE: ("image-pruner",)},
    "kubernetes:core/v1:Service": {NAMESPACE: ("image-registry", "image-registry-operator")},
    "kubernetes:core/v1:ServiceAccount": {
        NAMESPACE: (
            "cluster-image-registry-operator",
            "node-ca",
            "pruner",
            "registry",
            # Of every project.
            "builder",
            "default",
            "deployer",
        )
    },
    "kubernetes:route.openshift.io/v1:Route": {NAMESPACE: ("default-route",)},
    CLUSTER_ROLE_BINDING: {None: ("openshift-image-registry-pruner", "registry-registry-role")},
}


@resource_rule(
    title="Objects that come with the cluster are patched, never owned",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("CustomResourcePatch"),
    types=(*SINGLETONS, NAMESPACE_TYPE, *KEPT_BY_OPERATORS),
    why=(
        "What a stack owns, `pulumi destroy` deletes: deleting configs.imageregistry makes the "
        "operator remove managed storage, deleting a namespace takes every claim in it along. "
        "Creating what is there already fails, or silently takes it over, as the plugin's "
        "version decides."
    ),
    source=(
        "pulumi-kubernetes 4.29.0 release notes; cluster-image-registry-operator "
        "pkg/operator/finalizer.go, pkg/defaults/defaults.go and pkg/resource"
    ),
    remedy=(
        "Use another name; or set what you need where the operator takes it from, "
        "configs.imageregistry for one; or the kind's Patch resource (CustomResourcePatch, "
        "SecretPatch)."
    ),
    settings={
        "addOnNamespaces": {
            "type": "array",
            "items": {"type": "string"},
            "default": ["openshift-storage"],
            "description": "openshift-* namespaces that a fresh cluster lacks and a stack may make",
        }
    },
)
def patch_not_own(resource: Resource, settings: Settings) -> Iterator[str]:
    kind = resource.resource_type
    if kind in SINGLETONS:
        yield "every object of this kind comes with the cluster"
        return
    name = text(resource.props, "metadata", "name") or ""
    if kind == NAMESPACE_TYPE:
        if _is_platform_namespace(name) and name not in settings["addOnNamespaces"]:
            yield "this namespace comes with the cluster"
        return
    kept = KEPT_BY_OPERATORS[kind].get(text(resource.props, "metadata", "namespace"), ())
    if any(fnmatchcase(name, pattern) for pattern in kept):
        yield "this object is kept by the platform's operators"


def _is_platform_namespace(name: str) -> bool:
    return name in ("default", "openshift") or name.startswith(("openshift-", "kube-"))
