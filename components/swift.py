"""Storage in a container of Swift.

Makes (or adopts) what the cluster needs to reach it: the secret with the storage's keys in
openshift-image-registry, where the operator looks. It is kept whatever happens to the stack: the
registry that stays refers to it. What is in OpenStack is made by components/openstack, and only if
the stack file makes something there. Refuses to make: what is said with `use`; a CA, which the
operator takes from the cloud provider's own configuration.
"""

from pulumi import ComponentResource, Resource, ResourceOptions

from components.binding import StorageBinding
from components.credential_secret import secret_of
from settings.cluster import ClusterSettings
from settings.credentials import SECRET_NAME
from settings.facts import LiveFacts
from settings.swift import SwiftStorage


class SwiftStorageComponent(ComponentResource):
    """What the stack file wants of them; `binding` is what the registry needs."""

    binding: StorageBinding

    def __init__(
        self,
        storage: SwiftStorage,
        cluster: ClusterSettings,
        live: LiveFacts,
        opts: ResourceOptions,
    ) -> None:
        name = storage.container.name
        super().__init__("openshift-registry:storage:Swift", name, None, opts)
        child = ResourceOptions(parent=self)
        made: list[Resource] = []
        given, new_key = storage.credentials, None
        found = live.secrets.get(SECRET_NAME)
        if storage.in_project:
            # Imported here: a stack without anything in OpenStack has no need of its SDK.
            from components.openstack.storage import OpenStackStorage

            openstack = OpenStackStorage(storage, cluster, live, child)
            made += openstack.made
            new_key = openstack.new_key
            if openstack.keys:
                # Protected, so that the credential, which is not, stays in the state with it.
                kept = ResourceOptions(protect=True, depends_on=openstack.made)
                after = ResourceOptions.merge(child, kept)
                keys, mode = openstack.keys, given.secret_mode
                made.append(secret_of(keys, mode, cluster.name, found, after))
        if given.mode == "given":
            made.append(secret_of(given.data, given.secret_mode, cluster.name, found, child))
        self.binding = StorageBinding(storage.backend, storage.demands, tuple(made), new_key)
        self.register_outputs({"container": name})
