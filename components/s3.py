"""Storage in a bucket of S3.

Makes (or adopts) what the cluster needs to reach it: the secret with the storage's keys and the
one with CloudFront's private key in openshift-image-registry, and the map with the storage's CAs
in openshift-config, the only namespaces where the operator looks. All of them are kept whatever
happens to the stack: the registry that stays refers to them. What is in AWS is made by
components/aws, and only if the stack file makes something there. Refuses to make: what is said
with `use`; anything in another service than AWS.
"""

import base64
from collections.abc import Iterator

from pulumi import ComponentResource, Output, Resource, ResourceOptions

from components.binding import StorageBinding
from components.ca_map import ca_map
from components.credential_secret import OWN_METADATA, secret_of
from components.kubernetes_object import KubernetesObject
from components.ownership import adoption, metadata
from components.sts import sts_credentials
from settings.cloud_front import AdoptedFrontKey, CreatedFrontKey
from settings.cluster import ClusterSettings
from settings.credentials import SECRET_NAME
from settings.facts import LiveFacts, SecretFacts
from settings.names import NAMESPACE
from settings.s3 import S3Storage
from settings.storage_ca import KEY


class S3StorageComponent(ComponentResource):
    """What the stack file wants of them; `binding` is what the registry needs."""

    binding: StorageBinding

    def __init__(
        self, storage: S3Storage, cluster: ClusterSettings, live: LiveFacts, opts: ResourceOptions
    ) -> None:
        name = storage.bucket.name
        super().__init__("openshift-registry:storage:S3", name, None, opts)
        child = ResourceOptions(parent=self)
        made: list[Resource] = []
        backend, keys = storage.backend, storage.credentials
        aws = None
        if storage.in_account:
            # Imported here: a stack without anything in AWS has no need of its SDK.
            from components.aws.storage import AwsStorage

            aws = AwsStorage(storage, cluster, live, child)
            made += aws.made
            if aws.key_id is not None:
                backend = {"s3": {**backend["s3"], "keyID": aws.key_id}}
            if aws.keys:
                # Protected, so that the access key, which is not, stays in the state with it.
                kept = ResourceOptions(protect=True, depends_on=aws.made)
                found = live.secrets.get(SECRET_NAME)
                after = ResourceOptions.merge(child, kept)
                made.append(secret_of(aws.keys, keys.secret_mode, cluster.name, found, after))
        if keys.mode == "sts":
            role = (aws and aws.role_arn) or keys.role_arn
            made.append(sts_credentials(role, made, child))
        if keys.mode == "given":
            found = live.secrets.get(SECRET_NAME)
            made.append(secret_of(keys.data, keys.secret_mode, cluster.name, found, child))
        made += _referred_to(storage, cluster.name, live, child)
        new_key = aws.new_key if aws else None
        self.binding = StorageBinding(backend, storage.demands, tuple(made), new_key)
        self.register_outputs({"bucket": name})


def _referred_to(
    storage: S3Storage, cluster: str, live: LiveFacts, opts: ResourceOptions
) -> Iterator[KubernetesObject]:
    """The map of CAs and CloudFront's key, which the custom resource names."""
    bundle, front = storage.trusted_ca, storage.cloud_front
    if bundle is not None and bundle.mode != "use":
        data, found = {KEY: bundle.certificates}, live.config_maps.get(bundle.name)
        yield ca_map(bundle, data, cluster, found, opts)
    if front is not None and front.private_key.mode != "use":
        wanted = front.private_key
        yield _front_key(wanted, cluster, live.secrets.get(wanted.name), opts)


def _front_key(
    wanted: CreatedFrontKey | AdoptedFrontKey,
    cluster: str,
    live: SecretFacts | None,
    opts: ResourceOptions,
) -> KubernetesObject:
    """`data`, not `stringData`: server-side apply takes no key out of what it was given as that.

    An annotation may repeat the key (kubectl's last-applied-configuration), so the state keeps
    the metadata as a secret too. Of an adopted one other keys stay: the pods mount the named one.
    """
    owned = metadata(wanted, cluster, NAMESPACE)
    encoded = base64.b64encode(wanted.private_pem.reveal().encode()).decode()
    kept = ResourceOptions(retain_on_delete=True, additional_secret_outputs=["data", "metadata"])
    if wanted.mode == "adopt":
        others = [f'data["{key}"]' for key in (live.keys if live else ()) if key != wanted.key]
        kept = ResourceOptions.merge(kept, adoption(owned, live, [*OWN_METADATA, *others]))
    data = {wanted.key: Output.secret(encoded)}
    properties = {"metadata": owned, "type": "Opaque", "data": data}
    return KubernetesObject(
        "core/v1", "v1", "Secret", wanted.name, properties, ResourceOptions.merge(opts, kept)
    )
