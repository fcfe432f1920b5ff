"""Storage in a bucket that the cluster itself gives out: Ceph RGW or NooBaa.

Makes the ObjectBucketClaim, the map with the CAs of whoever serves the bucket in
openshift-config, and the secret with the claim's keys in openshift-image-registry, the only
namespaces where the operator looks. All of them are kept whatever happens to the stack: a
claim's bucket goes with it, and the registry that stays refers to the rest. Refuses to make:
the bucket and its keys, which are the provisioner's; what is said with `use`.
"""

from typing import Any

from pulumi import ComponentResource, Output, ResourceOptions

from cluster.kubeconfig import ClusterAccess
from components.binding import StorageBinding
from components.ca_map import ca_map
from components.claimed_bucket import claimed_bucket
from components.credential_secret import secret_of
from components.kubernetes_object import KubernetesObject
from components.ownership import metadata
from components.unknown import unknown
from settings.bucket_claim import CreatedBucketClaim, ObjectBucketClaimStorage
from settings.credentials import SECRET_NAME
from settings.facts import LiveFacts
from settings.later import Later
from settings.names import ACCESS_KEY, SECRET_KEY
from settings.storage_ca import KEY

API = "objectbucket.io/v1alpha1"


class ObjectBucketClaimComponent(ComponentResource):
    """What the stack file wants of them; `binding` is what the registry needs."""

    binding: StorageBinding

    def __init__(
        self,
        storage: ObjectBucketClaimStorage,
        cluster: str,
        access: ClusterAccess | None,
        live: LiveFacts,
        opts: ResourceOptions,
    ) -> None:
        name = storage.claim.name
        super().__init__("openshift-registry:storage:ObjectBucketClaim", name, None, opts)
        child = ResourceOptions(parent=self)
        made: list[KubernetesObject] = []
        claim = None
        if isinstance(storage.claim, CreatedBucketClaim):
            claim = _claim(storage, storage.claim, cluster, child)
            made.append(claim)
        bucket = claimed_bucket(storage, access, live, claim)
        keys = {ACCESS_KEY: bucket.access_key, SECRET_KEY: bucket.secret_key}
        found = live.secrets.get(SECRET_NAME)
        made.append(secret_of(keys, storage.secret_mode, cluster, found, child))
        if storage.authorities:
            wanted = storage.trusted_ca
            data, found_map = {KEY: _authorities(storage, live)}, live.config_maps.get(wanted.name)
            made.append(ca_map(wanted, data, cluster, found_map, child))
        backend = storage.filled(bucket.name, _endpoint(storage, live))
        self.binding = StorageBinding(backend, storage.demands, tuple(made))
        self.register_outputs({"claim": name})


def _claim(
    storage: ObjectBucketClaimStorage,
    wanted: CreatedBucketClaim,
    cluster: str,
    opts: ResourceOptions,
) -> KubernetesObject:
    """What the provisioner adds to its spec is the provisioner's, and no change of it. The claim
    is made when it is there; whoever wants its bucket waits (`claimed_bucket`)."""
    spec = {
        "storageClassName": storage.storage_class_name,
        "generateBucketName": storage.generate_bucket_name,
    }
    kept = ResourceOptions(protect=True, retain_on_delete=True)
    return KubernetesObject(
        API,
        API,
        "ObjectBucketClaim",
        wanted.name,
        {"metadata": metadata(wanted, cluster, wanted.namespace), "spec": spec},
        ResourceOptions.merge(opts, kept),
    )


def _endpoint(storage: ObjectBucketClaimStorage, live: LiveFacts) -> Any:
    """The route's URL, where there is a route. `up` has read it."""
    url = storage.known(live)["s3"]["regionEndpoint"]
    return unknown() if isinstance(url, Later) else url


def _authorities(storage: ObjectBucketClaimStorage, live: LiveFacts) -> str | Output[str]:
    """All of them in PEM, one after the other, as the cluster publishes them now."""
    texts = [live.authorities.get(each) for each in storage.authorities]
    if None in texts:
        return unknown()
    return "".join(dict.fromkeys(f"{(text or '').strip()}\n" for text in texts))
