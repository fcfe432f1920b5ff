"""Are the namespaces and roles there that the stack file wants bound?"""

from collections.abc import Iterator

from settings.access import AccessSettings
from settings.contradiction import flow
from settings.facts import LiveFacts
from settings.problems import Finding, Path
from settings.stack import StackSettings


def access(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    """A binding without its namespace fails half-way through a run; one without its role gives
    nothing, and gives it silently."""
    if settings.access is None:
        return
    for path, namespace in _namespaces(settings.access):
        live = facts.namespaces.get(namespace, ...)
        if live is None:
            yield _contradiction(
                path,
                namespace,
                "the cluster has no such namespace, and a binding needs one",
                "check the name, make the namespace first, or leave it out",
                "access-namespace",
            )
        elif live is not ... and live.leaving:
            yield _contradiction(
                path,
                namespace,
                "the namespace is being deleted, and takes no new binding",
                "leave it out",
                "access-namespace",
            )
    for index, binding in enumerate(settings.access.bindings):
        if facts.cluster_roles.get(binding.role, ...) is None:
            yield _contradiction(
                ("access", "bindings", index, "role"),
                binding.role,
                "the cluster has no such cluster role; OpenShift's API server makes it",
                "see why it is missing (`oc get clusteroperator openshift-apiserver`)",
                "access-role",
            )
    yield from _metrics_role(settings, facts)


def _metrics_role(settings: StackSettings, facts: LiveFacts) -> Iterator[Finding]:
    metrics = settings.access.metrics if settings.access else None
    if metrics is None or metrics.role.name not in facts.cluster_roles:
        return
    role, live = metrics.role, facts.cluster_roles[metrics.role.name]
    path = ("access", "metrics", "role", role.mode, "name")
    if role.mode == "use" and live is None:
        yield _contradiction(
            path,
            role.name,
            "there is no such cluster role in the cluster",
            "check the name, or write `create`",
            "missing",
        )
    elif role.mode == "create" and live and not live.made_for(settings.cluster.name):
        yield _contradiction(
            path,
            role.name,
            "it exists already and was not made by this stack",
            "write `use` to bind it as it is, or another name",
            "exists",
        )


def _namespaces(access: AccessSettings) -> Iterator[tuple[Path, str]]:
    for index, binding in enumerate(access.bindings):
        for place, namespace in enumerate(binding.namespaces or ()):
            yield ("access", "bindings", index, "namespaces", place), namespace


def _contradiction(path: Path, value: str, message: str, fix: str, rule: str) -> Finding:
    # Not `contradiction`: these paths lead through lists.
    return Finding(path, message, fix, f"guard:{rule}", flow(value))
