from collections.abc import Iterator

from declare import Level, Resource, Settings, Severity, resource_rule

from ._objects import CONFIG, CONFIG_MAP, IMAGE_PRUNER, SECRET, plugin, text

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

# What the registry's operator and the installer keep in namespaces that also hold objects of ours.
KEPT_BY_OPERATORS = {
    SECRET: {
        "openshift-image-registry": {
            "image-registry-operator-tls",
            "image-registry-private-configuration",
            "image-registry-tls",
            "installation-pull-secrets",
            "installer-cloud-credentials",
        },
        "openshift-config": {"pull-secret"},
    },
    CONFIG_MAP: {
        "openshift-image-registry": {
            "image-registry-certificates",
            "kube-root-ca.crt",
            "openshift-service-ca.crt",
            "serviceca",
            "trusted-ca",
        },
        "openshift-config": {
            "cloud-provider-config",
            "kube-root-ca.crt",
            "openshift-service-ca.crt",
        },
    },
}


@resource_rule(
    title="Objects that come with the cluster are patched, never owned",
    severity=Severity.CRITICAL,
    level=Level.MANDATORY,
    framework=plugin("CustomResourcePatch"),
    types=(*SINGLETONS, NAMESPACE_TYPE, SECRET, CONFIG_MAP),
    why=(
        "What a stack owns, `pulumi destroy` deletes: deleting configs.imageregistry makes the "
        "operator remove managed storage, deleting a namespace takes every claim in it along. "
        "Creating what is there already fails, or silently takes it over, as the plugin's "
        "version decides."
    ),
    source=(
        "pulumi-kubernetes 4.29.0 release notes; cluster-image-registry-operator "
        "pkg/operator/finalizer.go and pkg/defaults/defaults.go"
    ),
    remedy="Use the kind's Patch resource (CustomResourcePatch, SecretPatch), or another name.",
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
    elif name in KEPT_BY_OPERATORS[kind].get(text(resource.props, "metadata", "namespace"), ()):
        yield "this object is kept by the platform's operators"


def _is_platform_namespace(name: str) -> bool:
    return name in ("default", "openshift") or name.startswith(("openshift-", "kube-"))
