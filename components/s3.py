"""Storage in a bucket that exists.

Makes (or adopts) what the cluster needs to reach it: the secret with the storage's keys and the
one with CloudFront's private key in openshift-image-registry, and the map with the storage's CAs
in openshift-config, the only namespaces where the operator looks. All of them are kept whatever
happens to the stack: the registry that stays refers to them. Refuses to make: the bucket, its
users and keys, anything at all in a cloud; what is said with `use`.
"""

import base64

from pulumi import ComponentResource, Output, ResourceOptions

from components.binding import StorageBinding
from components.ca_map import ca_map
from components.credential_secret import OWN_METADATA, secret_of
from components.kubernetes_object import KubernetesObject
from components.ownership import adoption, metadata
from settings.cloud_front import AdoptedFrontKey, CreatedFrontKey
from settings.credentials import SECRET_NAME
from settings.facts import LiveFacts, SecretFacts
from settings.names import NAMESPACE
from settings.s3 import S3Storage
from settings.storage_ca import KEY


class S3StorageComponent(ComponentResource):
    """What the stack file wants of them; `binding` is what the registry needs."""

    binding: StorageBinding

    def __init__(
        self, storage: S3Storage, cluster: str, live: LiveFacts, opts: ResourceOptions
    ) -> None:
        name = storage.bucket.name
        super().__init__("openshift-registry:storage:S3", name, None, opts)
        child = ResourceOptions(parent=self)
        made: list[KubernetesObject] = []
        keys, bundle, front = storage.credentials, storage.trusted_ca, storage.cloud_front
        if keys.mode == "given":
            found = live.secrets.get(SECRET_NAME)
            made.append(secret_of(keys.data, keys.secret_mode, cluster, found, child))
        if bundle is not None and bundle.mode != "use":
            data, found_map = {KEY: bundle.certificates}, live.config_maps.get(bundle.name)
            made.append(ca_map(bundle, data, cluster, found_map, child))
        if front is not None and front.private_key.mode != "use":
            wanted = front.private_key
            made.append(_front_key(wanted, cluster, live.secrets.get(wanted.name), child))
        self.binding = StorageBinding(storage.backend, storage.demands, tuple(made))
        self.register_outputs({"bucket": name})


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
