"""Storage in a bucket of Google Cloud.

Makes (or adopts) what the cluster needs to reach it: the secret with the key file, in
openshift-image-registry, where the operator looks. It is kept whatever happens to the stack: the
registry that stays refers to it. What is in Google Cloud is made by components/gcp, and only if the
stack file makes something there. Refuses to make: what is said with `use`; a key where the cluster
has an identity.
"""

from collections.abc import Mapping

from pulumi import ComponentResource, Output, Resource, ResourceOptions

from components.binding import StorageBinding
from components.credential_secret import secret_of
from components.gcp.identity import configuration
from components.kubernetes_object import KubernetesObject
from settings.cluster import ClusterSettings
from settings.credentials import KEYFILE, SECRET_NAME
from settings.facts import LiveFacts
from settings.gcs import GcsStorage
from settings.gcs_credentials import GcsCreatedIdentity, GcsUsedIdentity
from settings.secret import Secret

Keys = Mapping[str, Secret | Output[str]]


class GcsStorageComponent(ComponentResource):
    """What the stack file wants of them; `binding` is what the registry needs."""

    binding: StorageBinding

    def __init__(
        self, storage: GcsStorage, cluster: ClusterSettings, live: LiveFacts, opts: ResourceOptions
    ) -> None:
        name = storage.bucket.name
        super().__init__("openshift-registry:storage:GCS", name, None, opts)
        child = ResourceOptions(parent=self)
        made: list[Resource] = []
        backend, wanted = storage.backend, storage.credentials
        gcp = None
        if storage.in_project:
            # Imported here: a stack without anything in Google Cloud has no need of its SDK.
            from components.gcp.storage import GcpStorage

            gcp = GcpStorage(storage, cluster, live, child)
            made += gcp.made
            if gcp.key_id is not None:
                backend = {"gcs": {**backend["gcs"], "keyID": gcp.key_id}}
        if wanted.mode == "given":
            made.append(_secret(wanted.data, storage, cluster, live, child))
        elif wanted.mode != "use":
            # Protected, so that what it depends on, such as the account's key, stays in the state
            # with it.
            kept = ResourceOptions(protect=True, depends_on=[*made])
            keys = gcp.keys if gcp and gcp.keys else _identity(wanted, gcp.email if gcp else None)
            options = ResourceOptions.merge(child, kept)
            made.append(_secret(keys, storage, cluster, live, options))
        new_key = gcp.new_key if gcp else None
        self.binding = StorageBinding(backend, storage.demands, tuple(made), new_key)
        self.register_outputs({"bucket": name})


def _identity(wanted: GcsCreatedIdentity | GcsUsedIdentity, made: str | None) -> Keys:
    email = made or wanted.service_account
    return {KEYFILE: Output.secret(configuration(wanted.provider, email))}


def _secret(
    keys: Keys,
    storage: GcsStorage,
    cluster: ClusterSettings,
    live: LiveFacts,
    opts: ResourceOptions,
) -> KubernetesObject:
    found = live.secrets.get(SECRET_NAME)
    return secret_of(keys, storage.credentials.secret_mode, cluster.name, found, opts)
