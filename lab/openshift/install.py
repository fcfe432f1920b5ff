"""Make a bare Kubernetes API server look like a freshly installed OpenShift."""

from collections.abc import Iterable

from lightkube import ApiError, Client
from lightkube.types import PatchType

from lab import kinds
from lab.kinds import Object
from lab.openshift import documents
from lab.openshift.addons import ADD_ONS
from lab.openshift.nodes import nodes
from lab.openshift.profile import Profile
from lab.openshift.roles import cluster_roles
from lab.openshift.serving import Authorities
from lab.openshift.singletons import singletons

MANAGER = "cluster-bootstrap"
"""The field manager that OpenShift's installer leaves behind."""
OPERATOR = "cluster-image-registry-operator"
ADMINISTRATOR = "kubectl-create"
"""The field manager that `oc create` leaves behind."""


def install(
    client: Client,
    profile: Profile,
    add_ons: Iterable[str] = (),
    authorities: Authorities | None = None,
) -> None:
    """Create what a fresh cluster has on this platform besides its definitions (lab/seed.py), and
    what was added to it since (names of `ADD_ONS`).

    Objects that exist are left as they are. configs/cluster is made by the operator stand-in, not
    here.
    """
    authorities = authorities or Authorities.make()
    for each in (
        *documents.namespaces(),
        *documents.config_maps(authorities.service.pem, authorities.ingress.pem),
        authorities.registry_secret(),
        documents.pull_secret(),
        *cluster_roles(),
        *singletons(profile),
        *profile.storage_classes,
    ):
        _create(client, each, MANAGER)
    for each in nodes(profile):
        if _create(client, each, MANAGER):
            # Admission marks every new node as not ready; nobody else here would unmark it.
            taints = {"spec": {"taints": each["spec"]["taints"] or None}}
            client.patch(kinds.Node, each["metadata"]["name"], taints, patch_type=PatchType.MERGE)
    _create(client, documents.image_pruner(), OPERATOR)
    for name in add_ons:
        for each in ADD_ONS[name].documents(profile.platform, authorities):
            _create(client, each, ADMINISTRATOR)


def _create(client: Client, document: Object, manager: str) -> bool:
    """Create it, status included, unless it exists. True if it was created."""
    try:
        made = client.create(kinds.of(document), field_manager=manager)
    except ApiError as error:
        if error.status.code != 409:
            raise
        return False
    if "status" in document:
        status = type(made).Status({**made, "status": document["status"]})
        client.replace(status, name=made["metadata"]["name"], field_manager=manager)
    return True
