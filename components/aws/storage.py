"""All that a stack has in AWS: bucket, key, and who may use them.

Makes what the stack file says to `create` or `adopt`, in the one account that it names. Refuses to
make: anything in another account or region.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from pulumi import InvokeOptions, Output, Resource, ResourceOptions, RunError

from components.aws.account import account_provider
from components.aws.bucket import closed, made_bucket
from components.aws.found import Account
from components.aws.names import alias_name
from components.aws.role import registry_role, role_policy
from components.aws.user import access_key, registry_user
from components.options import merged
from components.unknown import unknown
from settings.bucket import AdoptedBucket, CreatedBucket, CreatedKey, SseS3, UsedBucket, UsedKey
from settings.cluster import ClusterSettings
from settings.credentials import SECRET_NAME
from settings.facts import LiveFacts
from settings.s3 import S3Storage
from settings.s3_credentials import CreatedRole, CreatedUser, UsedRole


class AwsStorage:
    """What was made, and what of it the cluster has to know."""

    made: list[Resource]
    keys: Mapping[str, Output[str]]
    """Of the secret with the storage's keys; empty unless a user was made."""
    key_id: Output[str] | None
    """The ARN of a key that was made."""
    role_arn: str | None
    """Of the role that was made."""
    new_key: Output[str | None] | None
    """As in StorageBinding."""

    def __init__(
        self, storage: S3Storage, cluster: ClusterSettings, live: LiveFacts, opts: ResourceOptions
    ) -> None:
        provider = account_provider(cluster.name, storage.account, storage.region, opts)
        self._opts = merged(opts, ResourceOptions(provider=provider))
        self._storage, self._live = storage, live
        self._account = Account(storage, cluster.name, InvokeOptions(provider=provider))
        self._name = _name(storage, cluster)
        self.made, self.keys = [], {}
        self.key_id, self.role_arn, self.new_key = None, None, None
        self._account.ask_ahead(self._questions())
        _there(self._account)
        self._make()

    def _questions(self) -> Iterator[Callable[[], object]]:
        """What making will ask of the account, besides the bucket."""
        account, wanted = self._account, self._storage.bucket
        credentials, encryption = self._storage.credentials, self._storage.encryption
        if isinstance(wanted, CreatedBucket) or isinstance(encryption, CreatedKey):
            yield account.tagged
        if isinstance(wanted, AdoptedBucket):
            yield account.policy
        if isinstance(credentials, CreatedUser):
            yield partial(account.user, self._name)
            yield partial(account.access_keys, self._name)
        if isinstance(credentials, CreatedRole):
            yield partial(account.role, self._name)
        if isinstance(encryption, CreatedKey) and encryption.alias:
            yield partial(account.alias, alias_name(encryption.alias))

    def _make(self) -> None:
        """Who uses it comes first, since a key's policy names whom KMS finds; what he may and his
        key come last."""
        wanted = self._storage.credentials
        if isinstance(wanted, CreatedUser):
            user = registry_user(wanted, self._name, self._account, self._opts)
            self.made.append(user)
            self._bucket(self._account.names.user(self._name))
            self.keys, self.new_key, more = access_key(
                wanted,
                user,
                self._name,
                self._account,
                self._key_of_others(),
                self._access_key_now(),
                self._opts,
            )
            self.made += more
        elif isinstance(wanted, CreatedRole):
            provider = self._identities(wanted)
            role = registry_role(wanted, self._name, provider, self._account, self._opts)
            self.made.append(role)
            self.role_arn = self._account.names.role(self._name)
            self._bucket(self.role_arn)
            key = self._key_of_others()
            self.made.append(role_policy(role, self._name, key, self._account, self._opts))
        else:
            arn = wanted.role_arn if isinstance(wanted, UsedRole) else None
            self._bucket(arn)

    def _bucket(self, principal: str | None) -> None:
        wanted, encryption = self._storage.bucket, self._storage.encryption
        if isinstance(encryption, CreatedKey):
            # Imported here: without a key there is no need of this part of the SDK.
            from components.aws.key import bucket_key

            after = merged(self._opts, ResourceOptions(depends_on=[*self.made]))
            current = (self._live.backends.get("s3") or {}).get("keyID")
            key, aliases = bucket_key(encryption, principal, self._account, current, after)
            self.key_id = key.arn
            self.made += [key, *aliases]
        if not isinstance(wanted, UsedBucket):
            arn = encryption.key_arn if isinstance(encryption, UsedKey) else self.key_id
            bucket = made_bucket(wanted, self._account, self._opts)
            self.made.append(bucket)
            self.made += closed(wanted, bucket, arn, self._account, self._opts)

    def _access_key_now(self) -> str | None:
        live = self._live.secrets.get(SECRET_NAME)
        return live.access_key if live else None

    def _key_of_others(self) -> str | None:
        """The key whose policy is not written here, so that IAM has to let its user."""
        encryption = self._storage.encryption
        if isinstance(encryption, UsedKey):
            return encryption.key_arn
        return None if isinstance(encryption, CreatedKey | SseS3) else self._storage.key_id

    def _identities(self, wanted: CreatedRole) -> str | Output[str]:
        """Unknown in a preview that could not read the cluster."""
        issuer = self._live.service_account_issuer
        if wanted.oidc_provider_arn is not None:
            return wanted.oidc_provider_arn
        return self._account.names.oidc_provider(issuer) if issuer else unknown()


def _name(storage: S3Storage, cluster: ClusterSettings) -> str:
    """Of the user or role that is made."""
    wanted = storage.credentials
    given = getattr(wanted, "user_name", None) or getattr(wanted, "role_name", None)
    return given or f"{cluster.infrastructure_name}-image-registry"


def _there(account: Account) -> None:
    """Is a bucket that has to exist there, and in the region that the stack file says?"""
    storage = account.storage
    if account.bucket() is None and storage.bucket.mode != "create":
        raise RunError(
            f"openshift-registry:storage.bucket.{storage.bucket.mode}.name: {storage.bucket.name}: "
            f"there is no such bucket in the account {storage.account}, or this login may not read "
            "it\n    fix: name another, or `create` it"
        )
