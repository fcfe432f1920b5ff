"""Who may do what with the registry, offline and against the live cluster."""

from settings.rules.rule import Rule

RBAC = "kubernetes pkg/apis/rbac/validation/validation.go"

RULES = {
    "access:subject": Rule(
        "A subject without a name, with control characters in it, a service account of no "
        "namespace, or a namespace for another kind.",
        f"The binding would be refused, or give nobody anything ({RBAC}).",
    ),
    "access:nobody": Rule(
        "An empty list of subjects or namespaces.", "Kubernetes takes it, and nobody gets anything."
    ),
    "access:place": Rule(
        "A binding with namespaces and `clusterWide`, or neither.",
        "A role must not become cluster-wide for want of a word.",
    ),
    "access:built-in-role": Rule(
        "`create` of a role that OpenShift has, or `use` of one for metrics.",
        "It would lose what it allows; or whoever reads metrics could do far more.",
    ),
    "access:duplicate": Rule(
        "The same role twice in one place; a subject or a namespace twice in one list.",
        "Two bindings of one name are one object, and one of the two would lose.",
    ),
    "access:anybody-pushes": Rule(
        "A role that pushes for system:authenticated, system:authenticated:oauth, "
        "system:serviceaccounts, system:unauthenticated or system:anonymous.",
        "Anybody could replace the images that pods run.",
    ),
    "access:anybody-reads": Rule(
        "registry-viewer, or metrics, for system:unauthenticated or system:anonymous.",
        "Nobody has to log in any more.",
        warning=True,
    ),
    "guard:access-namespace": Rule(
        "A role for a namespace that is not there, or is being deleted.",
        "The run would fail half-way.",
    ),
    "guard:access-role": Rule(
        "A role for the registry that the cluster does not have.",
        "Kubernetes binds it all the same, and nobody gets anything.",
    ),
}
