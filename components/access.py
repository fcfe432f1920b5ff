"""Who may pull, push and read metrics.

Makes a RoleBinding in each namespace, a ClusterRoleBinding where the whole cluster is said,
and the cluster role for metrics. Refuses to make: a role that OpenShift has, a binding for the
whole cluster where namespaces are named. They hold no images, so they go with the stack.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

from pulumi import ResourceOptions

from components.kubernetes_object import KubernetesObject
from components.ownership import metadata
from settings.access import AccessSettings, Subject, binding_name

GROUP = "rbac.authorization.k8s.io"


class RbacObject(NamedTuple):
    """What is to be made, before it is a resource."""

    kind: str
    properties: Mapping[str, Any]

    @property
    def resource_name(self) -> str:
        """Unique in its kind, and readable in a preview: `team-a/openshift-registry:...`."""
        mine = self.properties["metadata"]
        return "/".join(mine[key] for key in ("namespace", "name") if key in mine)


def access(wanted: AccessSettings, cluster: str, opts: ResourceOptions) -> list[KubernetesObject]:
    """Make the bindings, and the role for metrics unless it is only used.

    Nothing is adopted. Kubernetes never lets a binding change its
    role; it is in the binding's name, so another role is another binding.
    """
    kept = ResourceOptions.merge(opts, ResourceOptions(replace_on_changes=["roleRef"]))
    return [
        KubernetesObject(
            f"{GROUP}/v1",
            f"{GROUP}/v1",
            each.kind,
            each.resource_name,
            each.properties,
            kept if "roleRef" in each.properties else opts,
        )
        for each in rbac_objects(wanted, cluster)
    ]


def rbac_objects(wanted: AccessSettings, cluster: str) -> Iterator[RbacObject]:
    """Every object that the stack file asks for."""
    for binding in wanted.bindings:
        for place in binding.places:
            yield _binding(binding.role, place, binding.subjects, cluster)
    if wanted.metrics is not None:
        role = wanted.metrics.role
        if role.mode == "create":
            rule = {"apiGroups": ["image.openshift.io"], "resources": ["registry/metrics"]}
            properties = {
                "metadata": metadata(role, cluster),
                "rules": [{**rule, "verbs": ["get"]}],
            }
            yield RbacObject("ClusterRole", properties)
        yield _binding(role.name, None, wanted.metrics.subjects, cluster)


def _binding(
    role: str, namespace: str | None, subjects: Sequence[Subject], cluster: str
) -> RbacObject:
    named = SimpleNamespace(name=binding_name(role))
    return RbacObject(
        "ClusterRoleBinding" if namespace is None else "RoleBinding",
        {
            "metadata": metadata(named, cluster, namespace),
            "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": role},
            "subjects": [_subject(each) for each in subjects],
        },
    )


def _subject(subject: Subject) -> dict[str, str]:
    named = {"kind": subject.kind, "name": subject.name}
    if subject.namespace is not None:
        return {**named, "namespace": subject.namespace}
    return {**named, "apiGroup": GROUP}
