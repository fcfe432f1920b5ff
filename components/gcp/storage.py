"""All that a stack has in Google Cloud: bucket, key, and who may use them.

Makes what the stack file says to `create` or `adopt`, in the one project that it names. Refuses to
make: anything in another project; anything whose name somebody else has.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from pulumi import InvokeOptions, Output, Resource, ResourceOptions, RunError

from components.gcp.bucket import in_place, made_bucket
from components.gcp.found import Project
from components.gcp.names import account_id
from components.gcp.project import project_provider
from components.options import merged
from settings.cluster import ClusterSettings
from settings.credentials import KEYFILE, SECRET_NAME
from settings.facts import LiveFacts
from settings.gcs import GcsStorage
from settings.gcs_bucket import GcsCreatedKey, GcsUsedBucket
from settings.gcs_credentials import GCS_CREATED, GcsCreatedAccount, GcsUsedIdentity


class GcpStorage:
    """What was made, and what of it the cluster has to know."""

    made: list[Resource]
    keys: Mapping[str, Output[str]]
    """Of the secret with the storage's keys; empty unless a key was made."""
    key_id: str | None
    """The full name of a key of KMS that was made."""
    email: str | None
    """Of a service account that was made."""
    new_key: Output[str | None] | None
    """As in StorageBinding."""

    def __init__(
        self, storage: GcsStorage, cluster: ClusterSettings, live: LiveFacts, opts: ResourceOptions
    ) -> None:
        provider = project_provider(cluster.name, storage.project_id, opts)
        self._opts = merged(opts, ResourceOptions(provider=provider))
        self._storage, self._live = storage, live
        self._infrastructure = cluster.infrastructure_name
        self._project = Project(storage, cluster.name, InvokeOptions(provider=provider))
        self.made, self.keys = [], {}
        self.key_id, self.email, self.new_key = self._key(), None, None
        self._project.ask_ahead(self._questions())
        _reached(self._project)
        in_place(self._project)
        self._bucket()
        self._credentials()

    def _questions(self) -> Iterator[Callable[[], object]]:
        """What making will ask of the project, besides its number."""
        project = self._project
        yield project.bucket
        if self._storage.key is not None:
            yield project.agent
        if self.key_id is not None:
            ring = self.key_id.partition("/cryptoKeys/")[0]
            yield partial(project.keys, ring)
            yield partial(project.ring, ring)
        if isinstance(self._storage.credentials, GCS_CREATED):
            yield partial(project.account, self._name())

    def _bucket(self) -> None:
        """The key comes first, and that Cloud Storage may use it."""
        wanted, key = self._storage.bucket, self._storage.key
        if isinstance(wanted, GcsUsedBucket):
            return
        name = self.key_id
        if key is not None:
            # Imported here: without a key there is no need of this part of the SDK.
            from components.gcp.key import bucket_key, storages_grant

            if isinstance(key, GcsCreatedKey):
                self.made += bucket_key(key, name, self._project, self._opts)
            else:
                name = key.key_name
            self.made.append(storages_grant(name, [*self.made], self._project, self._opts))
        bucket = made_bucket(wanted, name, [*self.made], self._project, self._opts)
        self.made.append(bucket)

    def _credentials(self) -> None:
        wanted, bucket = self._storage.credentials, self._storage.bucket
        if isinstance(wanted, GcsUsedIdentity):
            if bucket.mode != "use":
                self._roles(wanted.service_account)
            return
        if not isinstance(wanted, GCS_CREATED):
            return
        from components.gcp.account import account_key, acting_as, registry_account

        name = self._name()
        account = registry_account(name, self._project, self._opts)
        self.made.append(account)
        self.email = self._project.names.email(name)
        roles = self._roles(self.email)
        if isinstance(wanted, GcsCreatedAccount):
            found = self._live.secrets.get(SECRET_NAME)
            previous = found.access_key if found else None
            keyfile, self.new_key, key = account_key(
                wanted, name, account, roles, previous, self._project, self._opts
            )
            self.keys = {KEYFILE: keyfile}
            self.made.append(key)
        else:
            self.made += acting_as(wanted, account, self._opts)

    def _roles(self, email: str) -> list[Resource]:
        from components.gcp.account import bucket_roles

        name = self._storage.bucket.name
        roles = [*bucket_roles(email, name, [*self.made], self._opts)]
        self.made += roles
        return roles

    def _key(self) -> str | None:
        if not isinstance(self._storage.key, GcsCreatedKey):
            return None
        from components.gcp.key import full_name

        return full_name(self._storage.key, self._infrastructure, self._project)

    def _name(self) -> str:
        """Of the service account that is made."""
        return self._storage.credentials.account_id or account_id(self._infrastructure)


def _reached(project: Project) -> None:
    if project.number() is None:
        raise RunError(
            f"openshift-registry:storage.projectID: {project.id}: this login reaches no such "
            "project\n    fix: log in to where it is; change the ID only if this stack has never "
            "been applied"
        )
