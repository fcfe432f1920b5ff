"""All that a stack has in OpenStack: the container, and who may use it.

Makes what the stack file says to `create` or `adopt`, in the one project that it names. Refuses to
make: anything in another project or cloud.
"""

from collections.abc import Mapping

from pulumi import Output, Resource, ResourceOptions, RunError

from components.openstack.credential import application_credential
from components.openstack.login import login
from components.openstack.project import Project
from components.options import merged
from settings.cluster import ClusterSettings
from settings.credentials import SECRET_NAME
from settings.facts import LiveFacts
from settings.swift import SwiftStorage
from settings.swift_container import SwiftUsedContainer
from settings.swift_credentials import SwiftCreatedCredential


class OpenStackStorage:
    """What was made, and what of it the cluster has to know."""

    made: list[Resource]
    keys: Mapping[str, Output[str]]
    """Of the secret with the storage's keys; empty unless a credential was made."""
    new_key: Output[str | None] | None
    """As in StorageBinding."""

    def __init__(
        self,
        storage: SwiftStorage,
        cluster: ClusterSettings,
        live: LiveFacts,
        opts: ResourceOptions,
    ) -> None:
        entered = login(cluster.name, storage, opts)
        own = merged(opts, ResourceOptions(provider=entered.provider))
        project = Project(storage, entered)
        self.made, self.keys, self.new_key = [], {}, None
        _there(project)
        if not isinstance(storage.container, SwiftUsedContainer):
            # Imported here: a container that is used needs nothing of this part of the SDK.
            from components.openstack.container import made_container

            self.made.append(made_container(storage.container, cluster.name, project, own))
        wanted = storage.credentials
        if isinstance(wanted, SwiftCreatedCredential):
            secret = live.secrets.get(SECRET_NAME)
            name = wanted.name or f"{cluster.infrastructure_name}-image-registry"
            after = merged(own, ResourceOptions(depends_on=[*self.made]))
            previous = secret.access_key if secret else None
            made, self.keys, self.new_key = application_credential(
                wanted, name, project, previous, after
            )
            self.made.append(made)


def _there(project: Project) -> None:
    """Is a container that has to exist there?"""
    wanted = project.storage.container
    if wanted.mode != "create" and project.container() is None:
        raise RunError(
            f"openshift-registry:storage.container.{wanted.mode}.name: {wanted.name}: the project "
            "has no such container\n    fix: name another, or `create` it"
        )
