"""The ClusterRoles of a fresh cluster that decide who may use the registry (guide 4).

The rules are those that the OpenShift API server's operator puts in place, but for
`system:registry`, which the registry's own operator does (pkg/resource/clusterrole.go).
`prometheus-scraper` is not among them: the guide lets the administrator make it (4.5).
"""

from lab.kinds import Object

IMAGE = ("", "image.openshift.io")
BUILD = ("", "build.openshift.io")
PROJECT = ("", "project.openshift.io")
AUTHORIZATION = ("", "authorization.openshift.io")
RBAC = ("rbac.authorization.k8s.io",)
CORE = ("",)

READ = "get list watch"
ALL = "create delete deletecollection get list patch update watch"
STREAMS = "imagestreamimages imagestreammappings imagestreams imagestreamtags imagetags"


def cluster_roles() -> list[Object]:
    """Every role is aggregated into view, edit or admin as on a real cluster, by its labels."""
    return [
        _role("registry-viewer", *_viewing(), into=("view",)),
        _role("registry-editor", *_editing(), _rule("get", PROJECT, "projects"), into=("edit",)),
        _role("registry-admin", *_editing(), *_administering(), into=("admin",)),
        _role("system:image-puller", _rule("get", IMAGE, "imagestreams/layers")),
        _role("system:image-builder", *_building(), into=("admin", "edit")),
        _role("system:image-pruner", *_pruning()),
        _role("system:registry", *_serving()),
    ]


def _viewing() -> list[Object]:
    return [
        _rule(READ, IMAGE, STREAMS),
        _rule("get", IMAGE, "imagestreams/layers"),
        _rule("get", CORE, "namespaces"),
        _rule("get", PROJECT, "projects"),
    ]


def _editing() -> list[Object]:
    return [
        _rule(ALL, CORE, "secrets serviceaccounts"),
        _rule(ALL, IMAGE, f"{STREAMS} imagestreams/secrets"),
        _rule("create", IMAGE, "imagestreamimports"),
        _rule("get update", IMAGE, "imagestreams/layers"),
        _rule("get", CORE, "namespaces"),
    ]


def _administering() -> list[Object]:
    reviews = "localresourceaccessreviews localsubjectaccessreviews subjectrulesreviews"
    return [
        _rule(ALL, AUTHORIZATION, "rolebindings roles"),
        _rule(ALL, RBAC, "rolebindings roles"),
        _rule("create", AUTHORIZATION, f"{reviews} resourceaccessreviews subjectaccessreviews"),
        _rule("create", ("authorization.k8s.io",), "localsubjectaccessreviews"),
        _rule("delete get", PROJECT, "projects"),
    ]


def _building() -> list[Object]:
    return [
        _rule("get update", IMAGE, "imagestreams/layers"),
        _rule("create", IMAGE, "imagestreams"),
        _rule("update", BUILD, "builds/details"),
        _rule("get", BUILD, "builds"),
    ]


def _pruning() -> list[Object]:
    return [
        _rule("get list", CORE, "pods replicationcontrollers"),
        _rule("list", CORE, "limitranges"),
        _rule("get list", BUILD, "buildconfigs builds"),
        _rule("get list", ("", "apps.openshift.io"), "deploymentconfigs"),
        _rule("get list", ("batch",), "cronjobs jobs"),
        _rule("get list", ("apps",), "daemonsets deployments replicasets statefulsets"),
        _rule("delete", IMAGE, "images"),
        _rule(READ, IMAGE, "images imagestreams"),
        _rule("update", IMAGE, "imagestreams/status"),
    ]


def _serving() -> list[Object]:
    image = IMAGE[1:]
    return [
        _rule("list", CORE, "limitranges resourcequotas"),
        _rule("get", image, "imagestreamimages imagestreams/layers imagestreams/secrets"),
        _rule("get update", image, "imagestreams"),
        _rule("delete", image, "imagestreamtags"),
        _rule("create get update", image, "images"),
        _rule("create", image, "imagestreammappings"),
        _rule("list", ("operator.openshift.io",), "imagecontentsourcepolicies"),
    ]


def _rule(verbs: str, groups: tuple[str, ...], resources: str) -> Object:
    return {"apiGroups": list(groups), "resources": resources.split(), "verbs": verbs.split()}


def _role(name: str, *rules: Object, into: tuple[str, ...] = ()) -> Object:
    metadata: Object = {"name": name}
    if into:
        prefix = "rbac.authorization.k8s.io/aggregate-to"
        metadata["labels"] = {f"{prefix}-{each}": "true" for each in into}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": metadata,
        "rules": list(rules),
    }
